import type { BounceFormat } from './format.ts'

/** OpenSMTPD: the address, a colon, the reply. */
export const OPENSMTPD: BounceFormat = {
  name: 'OpenSMTPD',
  signs: [{ said: /^\s{0,10}This is the MAILER-DAEMON, please DO NOT REPLY/im }],
}
