import type { DkimKey, DkimStore } from '../../../delivery/dkim-store.ts'
import { PROGRAM } from '../program-name.ts'
import { type Check, type Finding, failed, ok, warning } from './check.ts'
import { readTags, sendingDomains, type TxtResolver, txtRecords, unseen } from './txt-records.ts'

interface DkimParts {
  resolver: TxtResolver
  dkim: Pick<DkimStore, 'list'>
  senders(): Promise<readonly string[]>
}

/** Each key that signs stands in DNS as it is here (RFC 6376), and each sender's domain has one. */
export function dkimCheck({ resolver, dkim, senders }: DkimParts): Check {
  return {
    name: 'DKIM',
    run: async () => {
      const keys = await dkim.list()
      const unsigned = (await sendingDomains(senders)).filter(
        (domain) => !keys.some((key) => domain === key.domain || domain.endsWith(`.${key.domain}`)),
      )
      return [
        ...(await Promise.all(keys.map((key) => compareRecord(resolver, key)))),
        ...unsigned.map((domain) => describeUnsigned(domain)),
      ]
    },
  }
}

async function compareRecord(resolver: TxtResolver, { dnsName, record }: DkimKey): Promise<Finding> {
  const name = `DKIM ${dnsName}`
  const answer = await txtRecords(resolver, dnsName)
  if ('unseen' in answer) return unseen(name, answer.unseen)
  const publish = `Publish this TXT record at ${dnsName}: ${record}`
  if (answer.records.length === 0) return failed(name, 'no record: what it signs cannot be verified', publish)
  const wanted = readTags(record).get('p')
  const found = answer.records.map((text) => readTags(text).get('p'))
  if (found.includes(wanted)) return ok(name, 'published as it is here')
  return failed(
    name,
    found.includes('') ? 'the published key is revoked' : 'another key is published',
    publish,
  )
}

function describeUnsigned(domain: string): Finding {
  const advice =
    `Run \`${PROGRAM} dkim create --domain ${domain}\`, unless the relay signs for ${domain} over ` +
    'List-Unsubscribe and List-Unsubscribe-Post too: without it, providers offer no one-click (RFC 8058 section 4).'
  return warning(`DKIM of ${domain}`, 'no key here signs for it', advice)
}
