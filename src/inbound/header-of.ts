import { parseHeaderBlock, splitMessage } from '../mail/header-block.ts'
import { readOnce } from './read-once.ts'

/** How many octets are read of a mail that anybody can send. */
const MOST_HEAD = 262_144

/** The header fields of a mail that came in. */
export const headerOf = readOnce((raw) => parseHeaderBlock(splitMessage(raw).head.subarray(0, MOST_HEAD)))
