import { promises as dns } from 'node:dns'
import { authenticate, type DNSResolver } from 'mailauth'
import type { InboundMail } from './inbound-mail.ts'

/** Asks DNS as `resolve` of `node:dns/promises` does. */
export type Resolver = DNSResolver

export const systemResolver: Resolver = (name, type) =>
  dns.resolve(name, type) as unknown as Promise<string[][] | string[]>

/**
 * Whether a mail proves to come from the domain of its From: by a DKIM signature over all of it, or by SPF for the server that
 * brought it, either for that domain or one above it (of the relaxed alignment of RFC 7489 §3.1 the half that needs no list of suffixes). False when DNS cannot be asked.
 */
export async function isFromSender(
  { raw, sender, clientAddress, helo }: InboundMail,
  domain: string,
  resolver: Resolver,
): Promise<boolean> {
  try {
    const { dkim, spf } = await authenticate(raw, {
      ...(clientAddress !== null && { ip: clientAddress }),
      ...(helo !== null && { helo }),
      ...(sender !== null && { sender }),
      resolver,
      ...{ disableArc: true, disableBimi: true, disableDmarc: true, rejectRsaSha1: true },
    })
    const isSigned = dkim.results.some(
      ({ status, signingDomain }) =>
        status.result === 'pass' && !status.underSized && isAligned(signingDomain, domain),
    )
    return isSigned || (spf !== false && spf.status.result === 'pass' && isAligned(spf.domain, domain))
  } catch {
    return false
  }
}

function isAligned(proven: string | undefined, domain: string): boolean {
  const name = proven?.toLowerCase() ?? ''
  if (!name.includes('.')) return false
  return name === domain || domain.endsWith(`.${name}`)
}
