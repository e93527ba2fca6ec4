import { encodeWord } from 'nodemailer/lib/mime-funcs'
import MimeNode from 'nodemailer/lib/mime-node'
import { invalid } from '../kernel/domain-error.ts'
import { foldedField, type HeaderField, headerField } from './header-block.ts'
import { encodeJapanese, type MailCharset } from './japanese-charset.ts'

/** Columns of one encoded word; with a fold and a name beside it a line keeps to 76 (RFC 2047 §2). */
const WORD_LENGTH = 52
/** Octets of one word in a Japanese charset, before base64. */
const WORD_OCTETS = 24
/** Beyond this many characters even ASCII is encoded, because only encoded words can be folded anywhere. */
const MAX_LITERAL = 900
const ASCII_TEXT = /^[\t -~]*$/

const encoder = new MimeNode()

/**
 * Text as the value of an unstructured header: ASCII as it is, anything else as words of at most 75 characters in the
 * charset, or in UTF-8 where that lacks a character (B or Q, whichever suits), separated by blanks; no word splits a
 * character. Encoded words that a caller wrote are left alone; text that merely looks like one is encoded.
 */
export function encodeHeaderText(text: string, charset: MailCharset = 'utf-8'): string {
  if (ASCII_TEXT.test(text) && !text.includes('=?')) {
    return text.length > MAX_LITERAL ? encodeWord(text, 'Q', WORD_LENGTH) : text
  }
  return japaneseWords(text, charset) ?? encoder.encodeHeaderValue('Subject', text)
}

/** Text beyond ASCII as words in a Japanese charset; undefined when it is not written in one. */
export function japaneseWords(text: string, charset: MailCharset): string | undefined {
  if (ASCII_TEXT.test(text) || encodeJapanese(text, charset) === undefined) return undefined
  const words: Buffer[] = []
  let word = ''
  const take = (next: string) => {
    if (word !== '') words.push(encodeJapanese(word, charset) as Buffer)
    word = next
  }
  for (const { segment } of new Intl.Segmenter('ja').segment(text)) {
    const longer = encodeJapanese(word + segment, charset) as Buffer
    if (longer.length > WORD_OCTETS) take(segment)
    else word += segment
  }
  take('')
  return words.map((bytes) => `=?${charset.toUpperCase()}?B?${bytes.toString('base64')}?=`).join(' ')
}

/**
 * An unstructured field such as Subject: one line when it is ASCII, folded when it takes encoded words.
 * @param field what the caller calls the text, for the error.
 * @throws DomainError invalid-value for CR, LF or NUL, and for a name that is not ftext.
 */
export function textField(name: string, text: string, field = name, charset?: MailCharset): HeaderField {
  if (/[\0\r\n]/.test(text)) throw invalid(field, `${name} must be a single line.`)
  const encoded = encodeHeaderText(text, charset)
  return encoded.includes('=?') ? foldedField(name, encoded, field) : headerField(name, encoded, field)
}
