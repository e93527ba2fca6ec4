import type { BounceFormat } from './format.ts'

/** @nifty. */
export const NIFTY: BounceFormat = {
  name: 'Nifty',
  signs: [{ field: ['From', /@(?:\w{1,20}\.){0,2}nifty\.(?:com|ne\.jp)/i] }],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/not our customer|宛先.{0,20}(?:存在し|ご利用)/, 'Nifty']],
    },
  ],
}
