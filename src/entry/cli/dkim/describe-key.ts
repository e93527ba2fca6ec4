import { print } from '../command.ts'

/** A key as the operator's interface answers it. */
export interface DkimKey {
  domain: string
  selector: string
  algorithm: string
  /** Of RSA keys. */
  bits: number | null
  serviceId: number | null
  state: 'waiting' | 'scheduled' | 'signing' | 'retired'
  signsFrom: string | null
  signsUntil: string | null
  /** From when on its DNS record may go. */
  removableFrom: string | null
  dnsName: string
  record: string
  /** The record as the strings of at most 255 octets that name servers take. */
  strings: string[]
}

/** Where the key stands in its life, in words. */
export function describeState({ state, signsFrom, signsUntil, removableFrom, serviceId }: DkimKey): string {
  const until = signsUntil === null ? '' : ` until ${signsUntil}`
  const states = {
    waiting: 'waiting for DNS',
    scheduled: `signs from ${signsFrom}${until}`,
    signing: `signing${until}`,
    retired: `retired, remove DNS record after ${removableFrom}`,
  }
  return serviceId === null ? states[state] : `${states[state]}, for service ${serviceId} alone`
}

/** What to publish, whole and for a zone file. */
export function printRecord({ dnsName, record, strings }: DkimKey): void {
  print(`${dnsName}. TXT\n\n  ${record}\n`)
  print(`In a zone file:\n\n${dnsName}. IN TXT ( ${strings.map((part) => `"${part}"`).join('\n  ')} )`)
}
