import type { BounceFormat } from './format.ts'

/** Apache James: a list of message details, then the error. */
export const APACHE_JAMES: BounceFormat = {
  name: 'Apache James',
  signs: [{ said: /^Error message below:|^Message details:\s*$/im }],
  recipient: [/^\s*RCPT TO: ?<?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?()\s*$/i],
}
