import { type Expression, type RawBuilder, sql } from 'kysely'

/** Whether a text contains another one, taken literally; with `ignoreCase` in any case, as the engine folds it. */
export function holds(
  text: Expression<unknown>,
  part: string,
  { ignoreCase = false } = {},
): RawBuilder<boolean> {
  const pattern = `%${escaped(part)}%`
  return ignoreCase
    ? sql<boolean>`lower(${text}) like lower(${pattern}) escape '\\'`
    : sql<boolean>`${text} like ${pattern} escape '\\'`
}

/** Whether a text begins with another one. */
export function beginsWith(text: Expression<unknown>, start: string): RawBuilder<boolean> {
  return sql<boolean>`${text} like ${`${escaped(start)}%`} escape '\\'`
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
