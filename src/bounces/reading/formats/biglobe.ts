import type { BounceFormat } from './format.ts'

/** BIGLOBE and the providers that it runs mail for. */
export const BIGLOBE: BounceFormat = {
  name: 'BIGLOBE',
  signs: [
    { field: ['From', /postmaster@(?:\w{1,20}\.)?(?:biglobe|inacatv|tmtv|ttv)\.ne\.jp/i] },
    { said: /-{3} The following addresses had delivery problems -{3}/ },
  ],
  rules: [
    {
      class: 'soft',
      reason: 'mailbox-full',
      says: [[/number of messages in recipient's mailbox exceed/, 'BIGLOBE']],
    },
  ],
}
