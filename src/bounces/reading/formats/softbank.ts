import type { BounceFormat } from './format.ts'

/** SoftBank, formerly Vodafone and J-PHONE. */
export const SOFTBANK: BounceFormat = {
  name: 'SoftBank',
  signs: [
    {
      field: [
        'From',
        /@(?:\w{1,20}\.){0,3}(?:softbank\.(?:ne\.)?jp|vodafone\.ne\.jp|disney\.ne\.jp|i\.softbank\.jp)/i,
      ],
    },
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [
        [/invalid recipient: <?\S{1,100}@|recipient (?:address )?rejected: \(?user unknown/, 'SoftBank'],
      ],
    },
  ],
}
