import type { BounceFormat } from './format.ts'

/** Verizon Wireless: vtext.com, vzwpix.com. */
export const VERIZON: BounceFormat = {
  name: 'Verizon',
  signs: [{ said: /^Message could not be delivered to mobile/im }],
  recipient: [/^To: ?<?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?()\s*$/i],
  rules: [
    { class: 'hard', reason: 'user-unknown', says: [[/no valid recipients for this mm/, 'Verizon vzwpix']] },
  ],
}
