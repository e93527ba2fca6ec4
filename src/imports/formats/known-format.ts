import type { RejectReason } from '../reading/reject-reasons.ts'

/**
 * What a row of an export says of its recipient. `stop` is for rows that name their list, `resume` takes back what an earlier
 * row of the same file says, and `skip` is why a row stops nothing.
 */
export type Verdict =
  | 'bounce'
  | 'complaint'
  | 'unsubscribe'
  | 'block'
  | 'stop'
  | 'resume'
  | { skip: RejectReason }

/** A cell of a row by the name of its column, blanks cut off; empty where there is no such column. */
export type Cells = (column: string) => string

/** An export that is known by its header. Names of columns are in lower case. */
export interface KnownFormat {
  /** As the history of imports shows it. */
  name: string
  /** Where its columns are described. */
  source: string
  /** All of them are there. */
  header: readonly string[]
  /** May be there too; `any` where customers have columns of their own. */
  optional?: readonly string[] | 'any'
  address: string
  /** The first of them that is not empty tells when the recipient or the provider asked. */
  times?: readonly string[]
  /** When an exclusion began that was renewed since. */
  since?: (cells: Cells) => string
  /** What orders rows of one recipient, where that is not the time. */
  order?: string
  /** What the provider said, kept as evidence. */
  text?: string
  messageId?: string
  /** Columns that name where an unsubscription counts. */
  sender?: string
  filter?: string
  /** The column that names the list as this interface does. */
  list?: string
  /** The row's own reason, in our words. */
  reason?: (cells: Cells) => string
  verdict(cells: Cells, fileName: string): Verdict
}

const MOST_CHARACTERS_SHOWN = 100

/** Reads one value of several; an unknown one skips the row. */
export function oneOf(
  column: string,
  verdicts: Readonly<Record<string, Verdict>>,
): (cells: Cells) => Verdict {
  return (cells) => {
    const value = cells(column).toLowerCase()
    return verdicts[value] ?? { skip: ['stops-nothing', column, value.slice(0, MOST_CHARACTERS_SHOWN)] }
  }
}

/** A bounce, unless its code (`421`, `4.2.2`) is one of a passing failure (RFC 5321 §4.2.1, RFC 3463 §2). */
export function bounceUnlessPassing(column: string): (cells: Cells) => Verdict {
  return (cells) =>
    cells(column).startsWith('4')
      ? { skip: ['passing-failure', cells(column).slice(0, MOST_CHARACTERS_SHOWN)] }
      : 'bounce'
}
