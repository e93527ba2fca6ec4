/** A provider of single sign-on that is not the one that was configured, or cannot be asked. */
export class WrongProvider extends Error {
  override readonly name = 'WrongProvider'
}

const LONGEST_MS = 10_000
const MOST_BYTES = 256 * 1_024

/**
 * Makes sure, once per process, that the provider at an issuer's address names itself by that address, give or take a
 * trailing slash (OpenID Connect Discovery 1.0 §4.3): ID tokens are held to the name that it gives. The returned
 * function rejects with WrongProvider.
 */
export function createIssuerCheck(issuer: string): () => Promise<void> {
  let isRight = false
  return async () => {
    if (isRight) return
    const named = await issuerAt(discoveryUrl(issuer))
    if (withoutSlash(named) !== withoutSlash(issuer))
      throw new WrongProvider(`the provider at ${issuer} calls itself ${named}`)
    isRight = true
  }
}

/** Where a provider describes itself (OpenID Connect Discovery 1.0 §4). */
export function discoveryUrl(issuer: string): string {
  return `${withoutSlash(issuer)}/.well-known/openid-configuration`
}

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, '')
}

async function issuerAt(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_MS), redirect: 'error' })
    const text = await textOf(response)
    if (!response.ok) throw new Error(`it answers ${response.status}`)
    return String((JSON.parse(text) as { issuer?: unknown }).issuer)
  } catch (cause) {
    throw new WrongProvider(`${url} tells nothing of the provider`, { cause })
  }
}

/** Stops reading an answer as soon as it is too long, however small it was when compressed. */
async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.length
    if (bytes > MOST_BYTES) throw new Error(`it answers more than ${MOST_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
