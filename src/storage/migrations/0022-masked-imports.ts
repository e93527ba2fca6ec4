import type { Migration } from '../migration.ts'

/** Whether people who had been erased were taken out of an import's rows. Earlier releases left them there. */
export const maskedImports: Migration = {
  id: 22,
  name: 'masked-imports',
  statements: ({ integer }) => [`alter table import add column masked ${integer} not null default 0`],
}
