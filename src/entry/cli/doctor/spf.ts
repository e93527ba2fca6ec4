import { type Check, type Finding, failed, judged, ok, warning } from './check.ts'
import { sendingDomains, type TxtResolver, txtRecords, unseen } from './txt-records.ts'

interface SpfParts {
  resolver: TxtResolver
  senders(): Promise<readonly string[]>
}

/** Each sender's domain says by SPF (RFC 7208) who may send for it. */
export function spfCheck({ resolver, senders }: SpfParts): Check {
  return {
    name: 'SPF',
    run: async () => {
      const domains = await sendingDomains(senders)
      return Promise.all(domains.map((domain) => examineSpf(resolver, domain)))
    },
  }
}

export async function examineSpf(resolver: TxtResolver, domain: string): Promise<Finding> {
  const name = `SPF of ${domain}`
  const answer = await txtRecords(resolver, domain)
  if ('unseen' in answer) return judged('spf-unseen', answer.unseen, unseen(name, answer.unseen))
  const [record, ...others] = answer.records.filter((text) => /^v=spf1(?: |$)/i.test(text))
  if (record === undefined) {
    const advice = `Publish a TXT record at ${domain} that names your relay, e.g. "v=spf1 include:… -all"; Gmail and Yahoo ask for one.`
    return judged('spf-missing', domain, warning(name, 'no record', advice))
  }
  if (others.length > 0) {
    const advice = 'Make them one: with several, SPF fails (RFC 7208 section 4.5).'
    const count = 1 + others.length
    return judged('spf-several', String(count), failed(name, `${count} records`, advice))
  }
  if (/(?:^| )\+?all(?: |$)/i.test(record)) {
    const advice = 'It lets everyone send for this domain: end it with -all or ~all.'
    return judged('spf-open', record, warning(name, record, advice))
  }
  return judged('spf-published', record, ok(name, record))
}
