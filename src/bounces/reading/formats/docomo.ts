import type { BounceFormat } from './format.ts'

/** NTT docomo (i-mode, spmode). */
export const DOCOMO: BounceFormat = {
  name: 'NTT docomo',
  signs: [
    { field: ['From', /(?:mailer-daemon|postmaster)@(?:\w{1,20}\.)?docomo\.ne\.jp/i] },
    {
      said: /@(?:mail\.)?docomo\.ne\.jp/i,
      subject: /^(?:Undelivered|Returned|Mail System Error|failure|Delivery)/i,
    },
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [
        [
          /550 (?:5\.\d\.\d )?unknown user|550 (?:5\.\d\.\d )?<[^<>]{1,100}>: unknown user/,
          'docomo: no such address',
        ],
      ],
    },
    {
      class: 'soft',
      reason: 'mailbox-full',
      says: [[/552 (?:5\.2\.2 )?(?:4\.2\.2 )?too much mail|recipient.{0,20}mailbox (?:is )?full/, 'docomo']],
    },
  ],
}
