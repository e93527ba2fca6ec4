import { parseAddress } from '../../../kernel/address.ts'
import { type Finding, reasonOf, warning, within } from './check.ts'

/** As in `node:dns/promises`: each record is the array of strings that it is made of. */
export interface TxtResolver {
  resolveTxt(name: string): Promise<string[][]>
}

/** What DNS has under a name; `unseen` when it could not be asked from here. */
export type TxtRecords = { records: string[] } | { unseen: string }

const LONGEST_MS = 3_000
const NOTHING_THERE = ['ENODATA', 'ENOTFOUND']

/** Never rejects. */
export async function txtRecords(resolver: TxtResolver, name: string): Promise<TxtRecords> {
  try {
    const records = await within(LONGEST_MS, resolver.resolveTxt(name))
    return { records: records.map((strings) => strings.join('')) }
  } catch (error) {
    const reason = reasonOf(error)
    return NOTHING_THERE.includes(reason) ? { records: [] } : { unseen: reason }
  }
}

export const LOOK_ELSEWHERE = 'From a machine with a network and DNS, look again.'

export function unseen(name: string, reason: string): Finding {
  return warning(name, `DNS cannot be asked from here (${reason})`, LOOK_ELSEWHERE)
}

/** The domains from which mail is sent, each once. */
export async function sendingDomains(senders: () => Promise<readonly string[]>): Promise<string[]> {
  const domains = (await senders()).map((address) => parseAddress(address)?.domain)
  return [...new Set(domains.filter((domain) => domain !== undefined))].sort()
}
