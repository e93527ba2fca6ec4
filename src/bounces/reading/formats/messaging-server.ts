import type { BounceFormat } from './format.ts'

/** Sun, iPlanet and Oracle Messaging Server, and PMDF. */
export const MESSAGING_SERVER: BounceFormat = {
  name: 'Messaging Server',
  signs: [
    { said: /^This report relates to a message you sent with the following header fields/im },
    { said: /^\s{0,10}Recipient address: /im },
  ],
  recipient: [/^\s*Recipient address: ?<?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?()$/i],
}
