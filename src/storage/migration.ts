/** What a migration's text may name, so that one text serves both engines. */
export interface ColumnTypes {
  text: string
  integer: string
  bytes: string
  /** Ends a table whose rows live inside its primary key. */
  clustered: string
}

export interface Migration {
  id: number
  name: string
  statements(types: ColumnTypes): string[]
}
