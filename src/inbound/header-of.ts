import { parseHeaderBlock, splitMessage } from '../mail/header-block.ts'
import { readOnce } from './read-once.ts'

/** Of a mail that anybody can send, so many octets. */
const MOST_HEAD = 262_144

/** The header fields of a mail that came in. */
export const headerOf = readOnce((raw) => parseHeaderBlock(splitMessage(raw).head.subarray(0, MOST_HEAD)))
