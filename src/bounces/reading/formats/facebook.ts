import type { BounceFormat } from './format.ts'

/** Facebook: response codes of its own in the diagnostic. */
export const FACEBOOK: BounceFormat = {
  name: 'Facebook',
  signs: [{ field: ['From', /@(?:mx\.)?facebook\.com/i] }],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/\b(?:rcp-p1|int-p1|int-p3|int-p4)\b/, 'Facebook response codes']],
    },
    { class: 'hard', reason: 'disabled', says: [[/\brcp-t4\b/, 'Facebook response codes: deactivated']] },
    {
      class: 'hard',
      reason: 'refused',
      says: [[/\brcp-p[23]\b/, "Facebook response codes: the recipient's settings"]],
    },
    { class: 'soft', reason: 'too-large', says: [[/\b(?:msg-p1|int-p2)\b/, 'Facebook response codes']] },
    { class: 'ours', reason: 'content', says: [[/\b(?:msg-p[23]|pol-p[567])\b/, 'Facebook response codes']] },
    { class: 'ours', reason: 'reputation', says: [[/\bpol-[pt]\d\b/, 'Facebook response codes']] },
    { class: 'ours', reason: 'sender', says: [[/\bdns-[pt]\d\b/, 'Facebook response codes']] },
    { class: 'soft', reason: 'rate-limited', says: [[/\b(?:con-t\d|msg-t1)\b/, 'Facebook response codes']] },
    { class: 'soft', reason: 'system', says: [[/\b(?:rcp-t|int-t)\d\b/, 'Facebook response codes']] },
  ],
}
