import type { Migration } from '../migration.ts'

/** How many recipients of an import asked longer ago than their list excludes for. */
export const lapsedRequests: Migration = {
  id: 25,
  name: 'lapsed-requests',
  statements: ({ integer }) => [`alter table import add column lapsed ${integer} not null default 0`],
}
