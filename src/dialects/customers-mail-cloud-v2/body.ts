import type { FastifyInstance } from 'fastify'
import type { Params } from './decode.ts'
import { Refused, refused } from './errors.ts'

/** A thousand addresses, each with a name and merge values as clients send them to the vendor's other operations. */
const BODY_LIMIT = 4 * 1_024 * 1_024

/** Reads forms and JSON objects, in UTF-8 only: an address that was mended would be somebody else's. */
export function readBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  const read = (type: string, toParams: (text: string) => Params) =>
    scope.addContentTypeParser<Buffer>(
      type,
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      async (_request: unknown, bytes: Buffer) => {
        try {
          return toParams(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
        } catch (error) {
          throw error instanceof Refused ? error : refused('90-001')
        }
      },
    )
  read('application/json', fromJson)
  read('application/x-www-form-urlencoded', fromForm)
}

function fromJson(text: string): Params {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Params
  throw refused('90-001')
}

/** Throws URIError for percent-encoding that is not UTF-8, and Refused 10-004 for a parameter that occurs twice. */
function fromForm(text: string): Params {
  const params: Record<string, string> = Object.create(null)
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals))
    if (Object.hasOwn(params, name)) throw refused('10-004', name)
    params[name] = equals < 0 ? '' : decodePart(pair.slice(equals + 1))
  }
  return params
}

function decodePart(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
