/** A path in angle brackets; a quoted local part may hold anything, blanks and at signs too (RFC 5321 §4.1.2). */
const COMMAND = /^([a-z]+ [a-z]+):[ \t]*<((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>(?:[ \t]+(.*))?$/is
/** RFC 5321 §4.1.2 and appendix C: accepted, and ignored. */
const SOURCE_ROUTE = /^@[^\s,:@]+(?:,@[^\s,:@]+)*:/

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Takes a MAIL FROM or RCPT TO apart: the address exactly as the client wrote it, and the parameters after it.
 * Undefined when it is something else, or not UTF-8 (RFC 6531 §3.3). Does not check whether the address is valid.
 */
export function readPathCommand(
  name: string,
  line: Buffer,
): { address: string; parameters: string } | undefined {
  let text: string
  try {
    text = utf8.decode(line).trimEnd()
  } catch {
    return undefined
  }
  const [, command = '', path = '', parameters = ''] = COMMAND.exec(text) ?? []
  if (command.toLowerCase() !== name.toLowerCase()) return undefined
  return { address: path.replace(SOURCE_ROUTE, ''), parameters }
}
