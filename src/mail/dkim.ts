import { createHash, type KeyObject, sign } from 'node:crypto'
import { invalid } from '../kernel/domain-error.ts'
import { algorithmOf, type DkimAlgorithm } from './dkim-keys.ts'
import { HeaderField } from './header-block.ts'

/** What the signatures of one message have in common. */
export type DkimSigning = {
  /** The head as it will be sent; order and bytes are not touched. */
  fields: readonly HeaderField[]
  /** Of `bodyHash`. */
  bodyHash: string
  /** UTC epoch milliseconds, for `t=`. */
  time: number
}

export type DkimSigner = {
  domain: string
  selector: string
  /** RSA signs as rsa-sha256, Ed25519 as ed25519-sha256. */
  privateKey: KeyObject
}

/**
 * Fields that are signed wherever they are present (RFC 6376 §5.4.1), every instance of them. RFC 8058 §4 demands the
 * last two; the default lists of libraries lack the last one.
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

/** Fields named once more than they occur, so that adding one later breaks the signature (RFC 6376 §8.15). */
const OVERSIGNED_FIELDS = new Set(['From', 'Subject', 'List-Unsubscribe', 'List-Unsubscribe-Post'])

const DOMAIN =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i
const LINE_WIDTH = 72
const SIGNATURE_LINES = new RegExp(`.{1,${LINE_WIDTH}}`, 'g')
const PLACES = new Map(SIGNED_FIELDS.map((name, place) => [name.toLowerCase(), place]))

/**
 * A `DKIM-Signature` field for each signer, to put on top: relaxed/relaxed, whole body (never `l=`), folded. RSA runs
 * on the thread pool.
 * @throws DomainError invalid-value (`domain`, `selector`) for anything but a DNS name in A-labels.
 */
export async function signHeaders(
  { fields, bodyHash, time }: DkimSigning,
  signers: readonly DkimSigner[],
): Promise<HeaderField[]> {
  const { names, lines } = chooseSigned(fields)
  const shared = `t=${Math.floor(time / 1000)}; bh=${bodyHash};\r\n ${foldNames(names)};\r\n b=`
  return Promise.all(
    signers.map(async ({ domain, selector, privateKey }) => {
      if (!DOMAIN.test(domain)) throw invalid('domain', 'The signing domain must be a DNS name in A-labels.')
      if (!DOMAIN.test(selector)) throw invalid('selector', 'A DKIM selector consists of DNS labels.')
      const algorithm = algorithmOf(privateKey)
      const unsigned = `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;\r\n d=${domain}; s=${selector};\r\n ${shared}`
      const signature = await signBytes(
        Buffer.from(lines + relaxedLine(unsigned), 'latin1'),
        privateKey,
        algorithm,
      )
      return new HeaderField(`${unsigned}${signature.match(SIGNATURE_LINES)?.join('\r\n ')}\r\n`)
    }),
  )
}

/**
 * The names for `h=` and the lines that they stand for; several fields of one name count from the bottom (RFC 6376
 * §5.4.2).
 */
function chooseSigned(fields: readonly HeaderField[]): { names: string[]; lines: string } {
  const present: HeaderField[][] = SIGNED_FIELDS.map(() => [])
  for (const field of fields.toReversed()) {
    const place = PLACES.get(field.key)
    if (place !== undefined) present[place]?.push(field)
  }
  const names: string[] = []
  let lines = ''
  for (const [place, name] of SIGNED_FIELDS.entries()) {
    for (const { raw } of present[place] ?? []) {
      names.push(name)
      lines += `${relaxedLine(raw)}\r\n`
    }
    if (OVERSIGNED_FIELDS.has(name)) names.push(name)
  }
  return { names, lines }
}

/** RFC 6376 §3.4.2, without the line break at the end. */
function relaxedLine(raw: string): string {
  const line = raw.replace(/\r?\n/g, '')
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).replace(/[ \t]+/g, '')
  const value = line.slice(colon + 1).replace(/[ \t]+/g, ' ')
  const [start, end] = [value.startsWith(' ') ? 1 : 0, value.endsWith(' ') ? -1 : undefined]
  return `${name.toLowerCase()}:${value.slice(start, end)}`
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
function signBytes(data: Buffer, key: KeyObject, algorithm: DkimAlgorithm): Promise<string> {
  const [digest, message] =
    algorithm === 'rsa-sha256' ? ['sha256', data] : [null, createHash('sha256').update(data).digest()]
  return new Promise((resolve, reject) => {
    sign(digest, message, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    )
  })
}
