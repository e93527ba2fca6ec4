import type { BounceFormat } from './format.ts'

/** GMX, WEB.DE, IONOS (1&1). */
export const GMX: BounceFormat = {
  name: 'GMX',
  signs: [{ said: /^The following address(?:es)? failed:/im }],
  recipient: [
    /^\s*"([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})":?(.*)$/,
    /^\s*([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}):?(.*)$/,
  ],
}
