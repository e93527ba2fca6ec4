import type { BounceFormat } from './format.ts'

/** Gmail and Google Workspace: technical details in a paragraph of prose. */
export const GMAIL: BounceFormat = {
  name: 'Gmail',
  signs: [
    {
      field: ['From', /@google(?:mail)?\.com>?\s*$/i],
      said: /Delivery to the following recipient|Technical details of (?:permanent|temporary) failure|wasn't delivered to|Message not delivered|Address not found|Message blocked/i,
    },
  ],
  recipient: [
    /wasn't delivered to ([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}) because (.*)$/i,
    /(?:problem|error|delay) delivering your message to ([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})\.(.*)$/i,
  ],
  rules: [
    {
      class: 'hard',
      reason: 'host-unknown',
      says: [
        [
          /dns error: .{0,80}(?:domain name not found|no data|nxdomain)|because the domain \S{1,253} couldn't be found/,
          'Gmail',
        ],
      ],
    },
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/because the address couldn't be found|is unable to receive mail/, 'Gmail']],
    },
    {
      class: 'soft',
      reason: 'network',
      says: [[/did not accept our requests to connect|could not contact dns servers/, 'Gmail']],
    },
  ],
}
