import type { BounceFormat } from './format.ts'

/** au: EZweb and au.com, and the mail servers of KDDI (auone-net, dion). */
export const AU: BounceFormat = {
  name: 'au',
  signs: [
    { field: ['From', /@(?:\w{1,20}\.){0,3}(?:ezweb\.ne\.jp|au\.com|auone-net\.jp|dion\.ne\.jp)/i] },
    { field: ['Reply-To', /no-reply@app\.auone-net\.jp/i] },
    {
      said: /^Each of the following recipients was rejected by a remote|^The user\(s\) account is |^Your mail (?:sent|attempted to be delivered) on:? /im,
    },
  ],
  recipient: [
    /^\s*Recipient: <([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>(.*)$/i,
    /Could not be delivered to: <([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>(.*)$/i,
  ],
  heeds: ['X-SPASIGN'],
  rules: [
    {
      class: 'ours',
      reason: 'content',
      says: [[/x-spasign: ng/, "au: the recipient's spam filter refused it"]],
    },
    {
      class: 'soft',
      reason: 'mailbox-full',
      says: [[/account is temporarily over quota|as their mailbox is full/, 'au']],
    },
    { class: 'soft', reason: 'temporary', says: [[/account is temporarily limited/, 'au']] },
    { class: 'hard', reason: 'disabled', says: [[/user\(s\) account is disabled/, 'au']] },
    { class: 'hard', reason: 'host-unknown', says: [[/remote domain does ?n[o']?t exist/, 'au']] },
    { class: 'soft', reason: 'expired', says: [[/was not delivered within/, 'au']] },
  ],
}
