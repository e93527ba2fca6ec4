import type { BounceFormat } from './format.ts'

/**
 * Postfix bounce(8), where its report part is lost: the address in angle brackets, a colon, the reason in lines folded
 * after it.
 */
export const POSTFIX: BounceFormat = {
  name: 'Postfix',
  signs: [
    {
      said: /^\s{0,30}(?:This is the Postfix (?:program|mail system) at host|I'm sorry to have to inform you that)/im,
    },
    { subject: /^(?:Undelivered Mail Returned to Sender|Delayed Mail)/i, said: /said: |: / },
  ],
}
