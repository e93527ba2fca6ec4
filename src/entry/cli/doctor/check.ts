/** `warning`: worth a look, mail still goes. `failed`: something that mail or links need does not work. */
export type Status = 'ok' | 'warning' | 'failed'

/**
 * The verdicts on a sender's domain and on where its links lead: named, so that they can be worded in other languages.
 */
export const VERDICTS = [
  'spf-published',
  'spf-missing',
  'spf-several',
  'spf-open',
  'spf-unseen',
  'dmarc-published',
  'dmarc-missing',
  'dmarc-ignored',
  'dmarc-unseen',
  'url-leads-here',
  'url-untrusted',
  'url-unreachable',
  'url-redirects',
  'url-closed',
  'url-cookie',
  'url-down',
  'url-elsewhere',
  'url-local',
] as const

export interface Finding {
  name: string
  status: Status
  /** What was seen, in a sentence or some lines. */
  detail: string
  /** What to do about it. */
  advice?: string
  verdict?: (typeof VERDICTS)[number]
  /** What the verdict is about, without words: a record, a name, a URL, the code of an error. */
  seen?: string
}

/** Looks at one thing and changes nothing. May return any number of findings; rejects only because of a bug. */
export interface Check {
  name: string
  run(): Promise<Finding | Finding[]>
}

export function ok(name: string, detail: string): Finding {
  return { name, status: 'ok', detail }
}

export function warning(name: string, detail: string, advice: string): Finding {
  return { name, status: 'warning', detail, advice }
}

export function failed(name: string, detail: string, advice: string): Finding {
  return { name, status: 'failed', detail, advice }
}

export function judged(verdict: (typeof VERDICTS)[number], seen: string, finding: Finding): Finding {
  return { ...finding, verdict, seen }
}

/** Rejects when the work is not done in time; the work itself is not stopped. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1_000} s`)), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The code of a failed connection or look-up, or else its message. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
