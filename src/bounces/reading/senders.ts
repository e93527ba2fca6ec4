import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'
import { addressesIn, type OriginalMail } from './original-mail.ts'

/** The senders of the mail that a report is about: the report went back to them, and the returned mail names them. */
export function sendersOf({ fields }: MimePart, original: OriginalMail | null): string[] {
  return [
    ...valuesOf(fields, 'To').flatMap((value) => addressesIn(value.slice(0, 2_000))),
    ...[original?.from, original?.returnPath].flatMap((address) => address ?? []),
  ]
}
