import type { RejectReason } from '../reading/reject-reasons.ts'

/**
 * What a row of an export says of its recipient. `stop` is for rows that name their list, `resume` takes back what an
 * earlier row of the same file said, and `skip` tells why a row stops nothing.
 */
export type Verdict =
  | 'bounce'
  | 'complaint'
  | 'unsubscribe'
  | 'block'
  | 'stop'
  | 'resume'
  | { skip: RejectReason }

/** A cell of a row by the name of its column, trimmed; empty where there is no such column. */
export type Cells = (column: string) => string

/** An export that is recognised by its header. Names of columns are in lower case. */
export interface KnownFormat {
  /** The name that the history of imports shows. */
  name: string
  /** Where its columns are described. */
  source: string
  /** Columns that must all be present. */
  header: readonly string[]
  /** Columns that may be present too; `any` where customers have columns of their own. */
  optional?: readonly string[] | 'any'
  address: string
  /** Columns of times: the first that is not empty tells when the recipient or the provider asked. */
  times?: readonly string[]
  /** When the exclusion began, if the row may be a renewal. */
  since?: (cells: Cells) => string
  /** What orders rows of one recipient, where that is not the time. */
  order?: string
  /** The column with the provider's words, kept as evidence. */
  text?: string
  messageId?: string
  /** Columns that name the sender or filter whose mail was unsubscribed from. */
  sender?: string
  filter?: string
  /** The column that names the list as the native interface does. */
  list?: string
  /** The row's own reason, in our words. */
  reason?: (cells: Cells) => string
  verdict(cells: Cells, fileName: string): Verdict
}

const MOST_CHARACTERS_SHOWN = 100

/** Maps the value of a column to a verdict; an unknown value skips the row. */
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
