import type { Address } from '../../kernel/address.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { makeVerp } from '../../mail/verp.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { LoadedMail } from '../content/load-mail.ts'

/** The envelope sender of an attempt. */
export type ReturnPath = (
  message: Pick<MessageTable, 'bucket' | 'id'>,
  mail: Pick<LoadedMail, 'returnPath'> & { from: Pick<Address, 'address'> },
) => string

/**
 * Where there is an inbound domain, an address in it that belongs to the message alone, so that a bounce says which
 * message it is about; sealed with the newest key, opened by any. Otherwise what the client gave, including the null
 * sender (''), or else From.
 */
export function returnPathOf({
  inboundDomain,
  keyring,
}: {
  inboundDomain: string | undefined
  keyring: Keyring
}): ReturnPath {
  if (inboundDomain === undefined) return (_message, mail) => mail.returnPath ?? mail.from.address
  return ({ bucket, id }) =>
    makeVerp({ bucket, messageId: id, key: keyring.newest.verp, domain: inboundDomain })
}
