import type { BounceFormat } from './format.ts'

/** MailFoundry. */
export const MAILFOUNDRY: BounceFormat = {
  name: 'MailFoundry',
  signs: [{ said: /^Delivery failed for the following reason:/im }],
  recipient: [/Unable to deliver message to: ?<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>()/i],
}
