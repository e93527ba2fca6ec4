/** The orders of a process that submits mail, as JSON. */
export interface MailOrder {
  /** On 127.0.0.1. */
  port: number
  connections: number
  /** The sender, in the envelope and in From. */
  from: string
  run: number
  /** The serial of the first of `count` mails. */
  first: number
  count: number
  /** The process gives up after this time. */
  withinMs: number
  credentials?: { user: string; key: string } | undefined
}

/** Its answer, as JSON, once every mail was answered 250. Times are those of `now`. */
export interface MailsSent {
  startedAt: number
  endedAt: number
}
