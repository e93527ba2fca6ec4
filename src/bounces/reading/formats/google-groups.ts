import type { BounceFormat } from './format.ts'

/** Google Groups: a group that is not there, or that does not take our mail. */
export const GOOGLE_GROUPS: BounceFormat = {
  name: 'Google Groups',
  signs: [{ said: /the group you tried to contact/i }],
  recipient: [/group you tried to contact \(([^\s()]{1,100})\)(.*)$/i],
  rules: [
    {
      class: 'ours',
      reason: 'policy',
      says: [
        [
          /may not have permission to post|group .{0,80}may not exist, or you/,
          'Google Groups: it does not tell which of the two',
        ],
      ],
    },
  ],
}
