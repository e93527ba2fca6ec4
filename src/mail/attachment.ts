import { invalid } from '../kernel/domain-error.ts'
import { base64Lines, type MailBody } from './compose-body.ts'
import { foldedField, headerField } from './header-block.ts'

export interface Attachment {
  filename: string
  contentType: string
  /** The file's bytes in base64, without blanks. */
  content: string
}

/** RFC 6838 §4.2. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i
/** Types that cannot be sent in base64, having a structure of their own (RFC 2045 §6.4). */
const COMPOSITE = /^(?:multipart|message)\//i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const MOST_FILENAME = 255
/** Characters that a parameter value cannot hold as they are (RFC 8187 §3.2.1). */
const NOT_PLAIN = /[^\w!#$&+.^`|~-]/g
/** Octets of an encoded name in one line; a longer one is continued (RFC 2231 §3). */
const PIECE = 60

/** Throws DomainError `invalid-value`, naming `attachments[n].…`, for anything that cannot be a file in a mail. */
export function requireAttachments(attachments: readonly Attachment[]): void {
  attachments.forEach(({ filename, contentType, content }, index) => {
    const field = (name: string) => `attachments[${index}].${name}`
    const isName = filename !== '' && filename.length <= MOST_FILENAME && !/[\p{Cc}/\\]/u.test(filename)
    if (!isName) throw invalid(field('filename'), 'must be the name of a file, without a path')
    if (!MEDIA_TYPE.test(contentType) || COMPOSITE.test(contentType)) {
      throw invalid(field('contentType'), 'must be a media type such as application/pdf')
    }
    if (!BASE64.test(content)) throw invalid(field('content'), 'must be base64')
  })
}

/** A file as a part of a mail (RFC 2183). */
export function attachmentPart({ filename, contentType, content }: Attachment): MailBody {
  const disposition = ['attachment', ...filenameParameters(filename)].join('; ')
  return {
    fields: [
      headerField('Content-Type', contentType),
      headerField('Content-Transfer-Encoding', 'base64'),
      foldedField('Content-Disposition', disposition),
    ],
    bytes: base64Lines(Buffer.from(content, 'base64')),
  }
}

/** Plain if it is ASCII, otherwise by RFC 2231, in pieces if it is long. */
function filenameParameters(filename: string): string[] {
  const isPlain = filename.length <= PIECE && /^[ -~]*$/.test(filename) && !/["\\]| {2}/.test(filename)
  if (isPlain) return [`filename="${filename}"`]
  const encoded = [...filename.toWellFormed()].map((character) =>
    character.replace(NOT_PLAIN, (plain) =>
      [...Buffer.from(plain)]
        .map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
    ),
  )
  const pieces = [`utf-8''`]
  for (const character of encoded) {
    if ((pieces.at(-1) as string).length + character.length > PIECE) pieces.push('')
    pieces[pieces.length - 1] += character
  }
  return pieces.length === 1
    ? [`filename*=${pieces[0]}`]
    : pieces.map((piece, index) => `filename*${index}*=${piece}`)
}
