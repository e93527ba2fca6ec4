/** What a migration's text may name, so that one text serves both engines. */
export interface ColumnTypes {
  text: string
  integer: string
  bytes: string
  /** Ends a table whose rows live inside its primary key. */
  clustered: string
  /** For a long text that is written once and read once: whether to compress it is a question to PostgreSQL alone. */
  uncompressed(table: string, column: string): string[]
}

export interface Migration {
  id: number
  name: string
  statements(types: ColumnTypes): string[]
}
