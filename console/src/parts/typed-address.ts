/** ASCII as a Japanese input method writes it, as wide as kana. */
const FULL_WIDTH = /[\uff01-\uff5e]/g
const FROM_ASCII = 0xfee0

/**
 * A mail address that somebody typed or pasted, or a part of one: without the blanks around it, and in the width of ASCII, in which no
 * mailbox differs (RFC 8265 §3.3.2).
 */
export function typedAddress(text: string): string {
  return text.trim().replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - FROM_ASCII))
}
