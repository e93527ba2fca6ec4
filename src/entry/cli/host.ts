/** What the composition root hands to the command line. */
export interface CliHost {
  env: NodeJS.ProcessEnv
  version: string
  /** Runs the server until a signal ends it. */
  serve(): Promise<void>
  /**
   * Reaches the installation: the server that works in the data directory, or, when none does, the same application
   * in this process for as long as the command takes.
   */
  connect(): Promise<Connection>
}

/** A way to the operator's interface. */
export interface Connection {
  url: string
  /** Bearer token of the operator. */
  token: string
  close(): Promise<void>
}
