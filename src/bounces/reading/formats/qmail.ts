import type { BounceFormat } from './format.ts'

/**
 * qmail-send and its descendants (netqmail, s/qmail): a paragraph for each recipient, headed by its address in angle
 * brackets.
 */
export const QMAIL: BounceFormat = {
  name: 'qmail',
  signs: [
    {
      said: /^Hi\. This is the qmail-send program|^This is the mail system at host|sorry it didn't work out|^--- Below this line is a copy/im,
    },
    { said: /^I'm afraid I wasn't able to deliver your message/im },
  ],
  recipient: [/^<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>:(.*)$/],
  rules: [
    {
      class: 'ours',
      reason: 'sender',
      says: [
        [
          /but (?:sender|my name) was rejected/,
          'qmail-remote: whatever the reply says, it is not of the recipient',
        ],
      ],
    },
  ],
}
