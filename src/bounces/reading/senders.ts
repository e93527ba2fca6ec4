import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'
import { addressesIn, type OriginalMail } from './original-mail.ts'

/** Whom the mail came from that a report is about: the report goes back there, and the returned mail names them. */
export function sendersOf({ fields }: MimePart, original: OriginalMail | null): string[] {
  return [
    ...valuesOf(fields, 'To').flatMap((value) => addressesIn(value.slice(0, 2_000))),
    ...[original?.from, original?.returnPath].flatMap((address) => address ?? []),
  ]
}
