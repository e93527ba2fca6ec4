/** Accepts mail on a port of 127.0.0.1 and hands it to the sink. */
export interface MailServer {
  port: number
  stop(): Promise<void>
}
