import { promises as dns } from 'node:dns'
import type { DNSResolver } from 'mailauth'
import type { InboundMail } from './inbound-mail.ts'

/** Asks DNS in the manner of `resolve` from `node:dns/promises`. */
export type Resolver = DNSResolver

export const systemResolver: Resolver = (name, type) =>
  dns.resolve(name, type) as unknown as Promise<string[][] | string[]>

/** `forged`: the domain itself says that the server that delivered the mail must not write in its name. */
export type Provenance = 'proven' | 'unproven' | 'forged'

/**
 * Whether a mail proves to come from the domain of its From: by a DKIM signature over all of it, or by SPF for the
 * server that delivered it, either for that domain or one above it (the half of RFC 7489 §3.1's relaxed alignment that
 * needs no list of suffixes). Forged by an SPF record that ends in `-all`, or by a policy of `reject` (RFC 7489 §6.3).
 * Unproven when DNS cannot be asked.
 */
export async function provenanceOf(
  { raw, sender, clientAddress, helo }: InboundMail,
  domain: string,
  resolver: Resolver,
): Promise<Provenance> {
  // Loading it takes a seventh of a start, which only installations that get mail from people should pay for.
  const { authenticate } = await import('mailauth')
  try {
    const { dkim, spf, dmarc } = await authenticate(raw, {
      ...(clientAddress !== null && { ip: clientAddress }),
      ...(helo !== null && { helo }),
      ...(sender !== null && { sender }),
      resolver,
      ...{ disableArc: true, disableBimi: true, rejectRsaSha1: true },
    })
    const isSigned = dkim.results.some(
      ({ status, signingDomain }) =>
        status.result === 'pass' && !status.underSized && isAligned(signingDomain, domain),
    )
    const said = spf !== false && isAligned(spf.domain, domain) ? spf.status.result : 'none'
    if (isSigned || said === 'pass') return 'proven'
    const isRejected = dmarc !== false && dmarc.status.result === 'fail' && dmarc.policy === 'reject'
    return said === 'fail' || isRejected ? 'forged' : 'unproven'
  } catch {
    return 'unproven'
  }
}

function isAligned(proven: string | undefined, domain: string): boolean {
  const name = proven?.toLowerCase() ?? ''
  if (!name.includes('.')) return false
  return name === domain || domain.endsWith(`.${name}`)
}
