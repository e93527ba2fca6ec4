import { checkDkimKey } from '../../../delivery/dkim/dkim-check.ts'
import { type DkimState, dkimState } from '../../../delivery/dkim/dkim-life.ts'
import type { DkimKey } from '../../../delivery/dkim/dkim-rows.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { PROGRAM } from '../program-name.ts'
import { type Check, type Finding, failed, ok, warning } from './check.ts'
import { LOOK_ELSEWHERE, sendingDomains, type TxtResolver, txtRecords } from './txt-records.ts'

interface DkimParts {
  resolver: TxtResolver
  clock: Clock
  dkim: Pick<DkimStore, 'list'>
  senders(): Promise<readonly string[]>
}

/** Each signing key is in DNS as it is here (RFC 6376), and each sender's domain has one. */
export function dkimCheck({ resolver, clock, dkim, senders }: DkimParts): Check {
  return {
    name: 'DKIM',
    run: async () => {
      const keys = await dkim.list()
      const signing = keys.filter((key) => dkimState(key, clock()) === 'signing')
      const unsigned = (await sendingDomains(senders)).filter(
        (domain) => !signing.some((key) => domain === key.domain || domain.endsWith(`.${key.domain}`)),
      )
      return [
        ...(await Promise.all(keys.map((key) => examineKey(resolver, key, clock())))),
        ...unsigned.map((domain) => describeUnsigned(domain)),
      ]
    },
  }
}

const NOT_SIGNING: Record<Exclude<DkimState, 'signing'>, string> = {
  waiting: 'it waits for its record',
  scheduled: 'it will sign at a set time',
  retired: 'it signs no more',
}

async function examineKey(resolver: TxtResolver, key: DkimKey, now: number): Promise<Finding> {
  const name = `DKIM ${key.dnsName}`
  const state = dkimState(key, now)
  const finding = await checkDkimKey(key, (dnsName) => txtRecords(resolver, dnsName), now)
  if (finding.dns === 'unseen') return warning(name, finding.detail, LOOK_ELSEWHERE)
  const detail = state === 'signing' ? finding.detail : `${NOT_SIGNING[state]}; ${finding.detail}`
  const publish = `Publish this TXT record at ${key.dnsName}: ${key.record}`
  if (!finding.ok) return state === 'signing' ? failed(name, detail, publish) : warning(name, detail, publish)
  if (state === 'waiting')
    return warning(name, detail, `Run \`${PROGRAM} dkim check ${key.domain}\`: then it signs.`)
  if (state === 'signing' && key.bits !== null && key.bits < 2048)
    return warning(name, `${detail}; RSA of ${key.bits} bits`, TOO_SHORT)
  return ok(name, detail)
}

const TOO_SHORT = `Rotate it: signers should use 2048 bits (RFC 8301). \`${PROGRAM} dkim rotate --help\` tells how.`

function describeUnsigned(domain: string): Finding {
  const advice =
    `Run \`${PROGRAM} dkim create ${domain} --selector k1\`, unless the relay signs for ${domain} over ` +
    'List-Unsubscribe and List-Unsubscribe-Post too: without it, providers offer no one-click (RFC 8058 section 4).'
  return warning(`DKIM of ${domain}`, 'no key here signs for it', advice)
}
