import type { BounceFormat } from './format.ts'

/** dma. */
export const DRAGONFLY: BounceFormat = {
  name: 'DragonFly Mail Agent',
  signs: [{ said: /^This is the DragonFly Mail Agent/im }],
  recipient: [/error delivering your mail to <([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>(.*)$/i],
}
