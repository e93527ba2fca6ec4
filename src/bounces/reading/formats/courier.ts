import type { BounceFormat } from './format.ts'

/** Courier MTA: recipients with an SMTP dialogue below each. */
export const COURIER: BounceFormat = {
  name: 'Courier',
  signs: [
    {
      said: /^\s{0,10}UNDELIVERABLE MAIL\s*$|delivery of your message to the following|^Your message to the following recipients cannot be delivered/im,
    },
  ],
}
