import { readTags } from '../../../mail/tag-list.ts'
import { type Check, type Finding, failed, judged, ok, warning } from './check.ts'
import { sendingDomains, type TxtResolver, txtRecords, unseen } from './txt-records.ts'

interface DmarcParts {
  resolver: TxtResolver
  senders(): Promise<readonly string[]>
}

/** Each sender's domain, or one above it, has a DMARC policy (RFC 7489). */
export function dmarcCheck({ resolver, senders }: DmarcParts): Check {
  return {
    name: 'DMARC',
    run: async () => {
      const domains = await sendingDomains(senders)
      return Promise.all(domains.map((domain) => examineDmarc(resolver, domain)))
    },
  }
}

export async function examineDmarc(resolver: TxtResolver, domain: string): Promise<Finding> {
  const name = `DMARC of ${domain}`
  for (let at = domain; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    const answer = await txtRecords(resolver, `_dmarc.${at}`)
    if ('unseen' in answer) return judged('dmarc-unseen', answer.unseen, unseen(name, answer.unseen))
    const [record] = answer.records.filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text))
    if (record !== undefined) return describePolicy(name, record, at === domain ? undefined : `_dmarc.${at}`)
  }
  const advice = `Publish a TXT record at _dmarc.${domain}, at least "v=DMARC1; p=none"; Gmail and Yahoo ask bulk senders for one.`
  return judged('dmarc-missing', `_dmarc.${domain}`, warning(name, 'no record', advice))
}

/** A record found above a domain may have another policy for the domains below it (`sp`). */
function describePolicy(name: string, record: string, above: string | undefined): Finding {
  const tags = readTags(record)
  const place = above === undefined ? '' : ` at ${above}`
  const withPlace = (seen: string) => (above === undefined ? seen : `${seen} (${above})`)
  const policy = (above !== undefined && tags.get('sp')) || tags.get('p')
  if (policy === 'none' || policy === 'quarantine' || policy === 'reject') {
    return judged('dmarc-published', withPlace(`p=${policy}`), ok(name, `p=${policy}${place}`))
  }
  const advice = 'It has no p=none, p=quarantine or p=reject, so receivers ignore it.'
  return judged('dmarc-ignored', withPlace(record), failed(name, `${record}${place}`, advice))
}
