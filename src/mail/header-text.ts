import { decodeWords } from 'postal-mime'

/**
 * A header value with its RFC 2047 words decoded: any charset that `TextDecoder` knows, B and Q, characters split
 * between adjacent words joined. For comparing and showing only: the result may hold any character, including CR and
 * LF.
 */
export function decodeHeaderText(value: string): string {
  return decodeWords(value)
}
