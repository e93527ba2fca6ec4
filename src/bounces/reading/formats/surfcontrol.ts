import type { BounceFormat } from './format.ts'

/** SurfControl E-mail Filter, WebSense. */
export const SURFCONTROL: BounceFormat = {
  name: 'SurfControl',
  signs: [{ said: /^A transcript of the attempts to send the message follows/im }],
  recipient: [/^\s*Addressed To: ?<?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?()/i],
}
