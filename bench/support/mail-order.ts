/** What a process that submits mail is told, as JSON. */
export interface MailOrder {
  /** Of 127.0.0.1. */
  port: number
  connections: number
  /** The sender, in the envelope and in From. */
  from: string
  run: number
  /** The serial of the first mail, of `count`. */
  first: number
  count: number
  /** It gives up after this. */
  withinMs: number
  credentials?: { user: string; key: string } | undefined
}

/** What it answers, as JSON: every mail was answered 250. Times are those of `now`. */
export interface MailsSent {
  startedAt: number
  endedAt: number
}
