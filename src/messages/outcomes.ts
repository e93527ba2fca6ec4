import type { DayCountTable } from '../storage/mail-tables.ts'

/** What is counted of mail by day: `DayCountTable` says what each means. In the order in which reports show them. */
export const OUTCOMES = [
  'accepted',
  'excluded',
  'sent',
  'kept',
  'failed',
  'cancelled',
  'bounced',
  'returned',
  'blamed',
  'complained',
] as const satisfies readonly DayCountTable['outcome'][]
