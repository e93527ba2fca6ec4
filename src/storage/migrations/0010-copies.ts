import type { Migration } from '../migration.ts'

/** Copies for Cc and Bcc: mails of their own, whose To shows another recipient. */
export const copies: Migration = {
  id: 10,
  name: 'copies',
  statements: ({ text }) => [
    `alter table message add column copy_as ${text}`,
    `alter table message add column shown_to ${text}`,
  ],
}
