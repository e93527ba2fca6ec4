import type { BounceFormat } from './format.ts'

/** Yahoo. */
export const YAHOO: BounceFormat = {
  name: 'Yahoo',
  signs: [
    { said: /^Sorry, we were unable to deliver your message to the following address/im },
    { field: ['X-YMailISG', /./], said: /Remote host said|unable to deliver/i },
  ],
  recipient: [/^<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>:(.*)$/],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/this user doesn't have a|delivery error: dd|no mx or a records for/, 'Yahoo']],
    },
  ],
}
