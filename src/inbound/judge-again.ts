import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { InboundMail } from './inbound-mail.ts'
import type { KeepMail } from './keep-mail.ts'
import { findKeptMail, type KeptMail, readKeptMail, type Whose } from './kept-mails.ts'
import type { Judge } from './receive-mail.ts'

/**
 * Judges a mail again that was not understood, after an upgrade or because somebody vouches for it now, and does what
 * it means. Throws DomainError `not-found`, or `wrong-state` when it was understood before, or was not kept.
 */
export async function judgeAgain(
  { database, judge, kept }: { database: Database; judge: Judge; kept: KeepMail },
  whose: Whose,
  id: number,
  vouchedBy: InboundMail['vouchedBy'],
): Promise<KeptMail> {
  const { outcome, detail } = await findKeptMail(database, whose, id)
  if (outcome !== 'not-understood') throw new DomainError('wrong-state', `the mail ${id} was understood`)
  if (detail['erased']) throw new DomainError('wrong-state', `the mail ${id} names a person who was erased`)
  const mail = { ...(await readKeptMail(database, whose, id)), helo: null, vouchedBy }
  const [first, ...others] = await judge(mail)
  if (first) await kept.again(id, mail, first)
  for (const judgement of others) await kept.keep(mail, judgement)
  return findKeptMail(database, 'all', id)
}
