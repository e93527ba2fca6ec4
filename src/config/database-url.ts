import { refuse, refuseFor } from './mistake.ts'
import { isReadableFile } from './readable-file.ts'

const FORM =
  'is not a URL like postgres://user:password@host:5432/name (write reserved characters as %40 and so on)'
const FILES = ['sslcert', 'sslkey', 'sslrootcert']

/** Checks everything about the URL that can be checked without a connection; the driver parses it again by itself. */
export function parseDatabaseUrl(text: string): string {
  const url = URL.parse(text) ?? refuse(FORM)
  refuseFor([
    url.protocol !== 'postgres:' && url.protocol !== 'postgresql:' && 'does not begin with postgres://',
    (url.hash !== '' || !isDecodable(text)) && FORM,
    url.port === '0' && 'has no port to connect to',
    ...FILES.map((name) => namesNoFile(url, name) && `has an ${name} that is not a file that can be read`),
  ])
  return text
}

/** Whether the bytes that it escapes are UTF-8. A % that escapes nothing stands for itself. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    return true
  } catch {
    return false
  }
}

function namesNoFile({ searchParams }: URL, name: string): boolean {
  const file = searchParams.get(name)
  return Boolean(file) && file !== null && !isReadableFile(file)
}
