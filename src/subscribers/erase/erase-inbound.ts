import { addressKey } from '../../kernel/address.ts'
import { mentionedAddresses } from '../../mail/mentioned-addresses.ts'
import type { Database } from '../../storage/database.ts'
import { blankMail } from './blank-mail.ts'
import type { Erasure } from './erasure.ts'

/** A mail may have 2 MiB. */
const MAILS_PER_READ = 8

/**
 * Removes mail that came in and is about the person or names them, even in encoded form. A report that was counted
 * stays without its mail, or it would count again; every other mail goes. So does mail of no service, which cannot be
 * known to belong to another site. Looks at every mail.
 */
export async function eraseInbound(erasure: Erasure): Promise<void> {
  const { database, hash, counted } = erasure
  const { query } = database
  let after = 0
  for (;;) {
    const rows = await database.read(readMails(database, erasure.siteId, after))
    const last = rows.at(-1)
    if (!last) return
    after = last.id
    await erasure.looked('inbound_mail', rows.length)
    const own = rows.filter((row) => isOfPerson(erasure, row))
    if (own.length === 0) continue
    await database.transact(
      own.map(({ id, report, address, detail_json }) =>
        report === null
          ? query.deleteFrom('inbound_mail').where('id', '=', id)
          : query
              .updateTable('inbound_mail')
              .set(blankMail(isPerson(erasure, address) ? hash : null, JSON.parse(detail_json)))
              .where('id', '=', id),
      ),
    )
    counted('inbound_mail', own.length)
  }
}

function readMails({ query }: Database, siteId: number, after: number) {
  return query
    .selectFrom('inbound_mail as i')
    .leftJoin('message as m', (join) =>
      join.onRef('m.bucket', '=', 'i.bucket').onRef('m.id', '=', 'i.message_id'),
    )
    .select(['i.id', 'i.report', 'i.address', 'i.mail_from', 'i.rcpt_to', 'i.detail_json', 'i.raw'])
    .select('m.address_key')
    .where('i.id', '>', after)
    .where(({ or, eb, selectFrom }) =>
      or([
        eb('i.service_id', 'is', null),
        eb('i.service_id', 'in', selectFrom('service').select('id').where('site_id', '=', siteId)),
      ]),
    )
    .orderBy('i.id')
    .limit(MAILS_PER_READ)
}

type Mail = Awaited<ReturnType<ReturnType<typeof readMails>['execute']>>[number]

function isOfPerson(erasure: Erasure, mail: Mail): boolean {
  // Blank already.
  if (mail.raw.length === 0 && mail.detail_json.includes('"erased":true')) return false
  if (isPerson(erasure, mail.address_key)) return true
  if ([mail.address, mail.mail_from, mail.rcpt_to].some((one) => isPerson(erasure, one))) return true
  const mentioned = mentionedAddresses(
    Buffer.concat([Buffer.from(mail.raw), Buffer.from(`\n${mail.detail_json}`)]),
  )
  return mentioned?.has(erasure.key) ?? true
}

function isPerson({ key, hash }: Erasure, address: string | null): boolean {
  return address !== null && (address === hash || addressKey(address) === key)
}
