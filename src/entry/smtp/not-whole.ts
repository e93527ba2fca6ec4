import { Refusal } from './errors.ts'
import type { Received } from './receive.ts'

/** How a message that was not received to its end is answered. */
export const NOT_WHOLE: Record<Exclude<Received['kind'], 'whole'>, Refusal> = {
  'too-large': new Refusal(552, '5.3.4', 'the message is too large'),
  'no-room': new Refusal(452, '4.3.1', 'too much mail is coming in at once; try again later'),
  'broken-off': new Refusal(451, '4.4.2', 'the message was not complete'),
}
