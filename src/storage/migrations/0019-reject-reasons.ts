import type { Migration } from '../migration.ts'

/** Why a row was skipped as a code, with what was found, so that it can be told in the language of who asks. */
export const rejectReasons: Migration = {
  id: 19,
  name: 'reject-reasons',
  statements: ({ text }) => [`alter table import_reject add column found_json ${text}`],
}
