import type { Compilable } from 'kysely'

/**
 * A statement over rows of values, built once for each number of rows: for rows that hold bytes, which a row set
 * cannot. `build` gets rows with these columns and no others, and must not look at their values.
 */
export function prepareValues<R extends object>(
  columns: readonly (keyof R & string)[],
  build: (rows: R[]) => Compilable,
): (rows: readonly R[]) => Compilable {
  const written = new Map<number, ReturnType<Compilable['compile']>>()
  return (rows) => {
    let statement = written.get(rows.length)
    if (!statement) {
      const blank = Object.fromEntries(columns.map((name) => [name, 0])) as R
      statement = build(rows.map(() => blank)).compile()
      written.set(rows.length, statement)
    }
    const compiled = statement
    const parameters = rows.flatMap((row) => columns.map((name) => row[name]))
    return { compile: () => ({ ...compiled, parameters }) }
  }
}
