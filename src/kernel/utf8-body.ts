import { DomainError } from './domain-error.ts'

/**
 * The text of a body. Throws DomainError `malformed-body` for anything but UTF-8: an address that was mended would be
 * somebody else's.
 */
export function decodeUtf8Body(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DomainError('malformed-body', 'the body is not UTF-8', { cause })
  }
}
