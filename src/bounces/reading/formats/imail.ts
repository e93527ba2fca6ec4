import type { BounceFormat } from './format.ts'

/** Ipswitch IMail Server: one line for each recipient, the reason before the address. */
export const IMAIL: BounceFormat = {
  name: 'IMail',
  signs: [{ field: ['X-Mailer', /^<SMTP32 v/] }, { subject: /^Undeliverable Mail\s*$/i }],
  recipient: [
    /^(?:Unknown user|Invalid final delivery userid|User mailbox exceeds allowed size|Unknown host|Delivery failed \d{1,4} attempts)[^:]{0,40}: ?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})(.*)$/i,
    /^undeliverable to ([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})(.*)$/i,
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/invalid final delivery userid|unknown user/, 'IMail']],
    },
  ],
}
