import type { BounceFormat } from './format.ts'

/** Trustwave MailMarshal SMTP: the reason first, the recipients after it. */
export const MAILMARSHAL: BounceFormat = {
  name: 'MailMarshal',
  signs: [
    { said: /^Could not be delivered because of|^The following recipients were affected|MailMarshal/im },
  ],
}
