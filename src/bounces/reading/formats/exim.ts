import type { BounceFormat } from './format.ts'

/** Exim: indented addresses, the reason indented deeper below each or behind a colon. */
export const EXIM: BounceFormat = {
  name: 'Exim',
  signs: [
    { field: ['X-Failed-Recipients', /@/] },
    {
      said: /^This message was created automatically by (?:the )?(?:mail delivery|SMTP|\S{1,40}) (?:software|on)/im,
    },
    { said: /^A message that you (?:sent|wrote) could not be delivered to/im },
  ],
  // An alias that was mailed, where the address behind it is not told.
  recipient: [/\bgenerated (?:from|by) ([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})()/i],
}
