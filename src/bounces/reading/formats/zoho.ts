import type { BounceFormat } from './format.ts'

/** Zoho Mail: the address and its error codes in one line. */
export const ZOHO: BounceFormat = {
  name: 'Zoho',
  signs: [{ said: /ERROR_CODE ?:/ }],
  recipient: [
    /^\s*(?:\[Status: \w{1,20}, Address: <)?<?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?[, ]{1,3}(.*)$/i,
  ],
}
