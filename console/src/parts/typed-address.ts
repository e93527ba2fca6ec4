/** ASCII in its full-width forms, as a Japanese input method writes it. */
const FULL_WIDTH = /[\uff01-\uff5e]/g
const FROM_ASCII = 0xfee0

/**
 * A mail address, or a part of one, that somebody typed or pasted: trimmed, and with full-width characters turned into
 * ASCII, since no two mailboxes differ in width alone (RFC 8265 §3.3.2).
 */
export function typedAddress(text: string): string {
  return text.trim().replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - FROM_ASCII))
}
