import type { BounceFormat } from './format.ts'

/** Smail 3, and Deutsche Telekom (T-Online) after it. */
export const SMAIL: BounceFormat = {
  name: 'Smail',
  signs: [{ said: /^\|-{5,} (?:Message log|Failed addresses) follows?:/im }],
  recipient: [
    /^\s*<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>()\s*$/,
    /^\s*([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}) \.\.\. (.*)$/,
  ],
}
