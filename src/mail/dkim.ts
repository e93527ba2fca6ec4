import { createHash, type KeyObject, sign } from 'node:crypto'
import { invalid } from '../kernel/domain-error.ts'
import { algorithmOf } from './dkim-keys.ts'
import { HeaderField } from './header-block.ts'

export type DkimSigning = {
  /** The head as it will be sent; order and bytes are not touched. */
  fields: readonly HeaderField[]
  /** Of `bodyHash`. */
  bodyHash: string
  domain: string
  selector: string
  /** RSA signs as rsa-sha256, Ed25519 as ed25519-sha256. */
  privateKey: KeyObject
  /** UTC epoch milliseconds, for `t=`. */
  time: number
}

/**
 * What is signed wherever it is present (RFC 6376 §5.4.1), each instance of it. RFC 8058 §4 demands the last two;
 * the lists that libraries bring along lack the last one.
 */
const SIGNED_FIELDS = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Help',
  'List-Subscribe',
  'List-Post',
  'List-Owner',
  'List-Archive',
  'Feedback-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
]

/** Named once more than they occur, so that adding one later breaks the signature (RFC 6376 §8.15). */
const OVERSIGNED_FIELDS = new Set(['From', 'Subject', 'List-Unsubscribe', 'List-Unsubscribe-Post'])

const DOMAIN =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i
const LINE_WIDTH = 72
const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20]

/** SHA-256 over the relaxed body (RFC 6376 §3.4.4), base64: `bh=`. The same for a body with LF or CRLF lines. */
export function bodyHash(body: Buffer): string {
  return createHash('sha256').update(relaxedBody(body)).digest('base64')
}

/**
 * The `DKIM-Signature` field to put on top: relaxed/relaxed, whole body (never `l=`), folded. RSA runs on the thread pool.
 * @throws DomainError invalid-value (`domain`, `selector`) for what is not a DNS name in A-labels.
 */
export async function signHeaders(signing: DkimSigning): Promise<HeaderField> {
  const { domain, selector, privateKey } = signing
  if (!DOMAIN.test(domain)) throw invalid('domain', 'The signing domain must be a DNS name in A-labels.')
  if (!DOMAIN.test(selector)) throw invalid('selector', 'A DKIM selector consists of DNS labels.')

  const { names, lines } = chooseSigned(signing.fields)
  const unsigned = [
    `DKIM-Signature: v=1; a=${algorithmOf(privateKey)}; c=relaxed/relaxed;`,
    `d=${domain}; s=${selector};`,
    `t=${Math.floor(signing.time / 1000)}; bh=${signing.bodyHash};`,
    `${foldNames(names)};`,
    'b=',
  ].join('\r\n ')
  const signature = await signBytes(Buffer.from(lines.join('') + relaxedLine(unsigned), 'latin1'), privateKey)
  const folded = signature.match(new RegExp(`.{1,${LINE_WIDTH}}`, 'g')) as string[]
  return new HeaderField(`${unsigned}${folded.join('\r\n ')}\r\n`)
}

/** The names for `h=` and the lines that they stand for; several fields of one name count from the bottom (RFC 6376 §5.4.2). */
function chooseSigned(fields: readonly HeaderField[]): { names: string[]; lines: string[] } {
  const names: string[] = []
  const lines: string[] = []
  for (const name of SIGNED_FIELDS) {
    const key = name.toLowerCase()
    const present = fields.filter((field) => field.key === key).reverse()
    names.push(...present.map(() => name), ...(OVERSIGNED_FIELDS.has(name) ? [name] : []))
    lines.push(...present.map((field) => `${relaxedLine(field.raw)}\r\n`))
  }
  return { names, lines }
}

/** RFC 6376 §3.4.2, without the line break at the end. */
function relaxedLine(raw: string): string {
  const line = raw.replace(/\r?\n/g, '')
  const colon = line.indexOf(':')
  const name = line
    .slice(0, colon)
    .replace(/[ \t]+/g, '')
    .toLowerCase()
  const value = line
    .slice(colon + 1)
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return `${name}:${value}`
}

function relaxedBody(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length * 2 + 2)
  let length = 0
  let contentEnd = 0
  let blank = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number
    if (byte === SPACE || byte === TAB) blank = true
    else if (byte === LF) {
      blank = false
      out[length++] = CR
      out[length++] = LF
    } else if (byte !== CR || body[at + 1] !== LF) {
      if (blank) out[length++] = SPACE
      blank = false
      out[length++] = byte
      contentEnd = length
    }
  }
  if (contentEnd === 0) return Buffer.alloc(0)
  out[contentEnd] = CR
  out[contentEnd + 1] = LF
  return out.subarray(0, contentEnd + 2)
}

/** `h=` over several lines; a blank may stand at any colon (RFC 6376 §3.5). */
function foldNames(names: readonly string[]): string {
  const lines: string[] = []
  let line = 'h='
  for (const [at, name] of names.entries()) {
    const item = at < names.length - 1 ? `${name}:` : name
    if (line.length + item.length > LINE_WIDTH) {
      lines.push(line)
      line = ''
    }
    line += item
  }
  return [...lines, line].join('\r\n ')
}

/** Ed25519 signs the SHA-256 digest, not the text itself (RFC 8463 §3). */
function signBytes(data: Buffer, key: KeyObject): Promise<string> {
  const isRsa = algorithmOf(key) === 'rsa-sha256'
  const message = isRsa ? data : createHash('sha256').update(data).digest()
  return new Promise((resolve, reject) => {
    sign(isRsa ? 'sha256' : null, message, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    )
  })
}
