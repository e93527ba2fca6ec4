/** A row of the form: a domain, `*` for every other one, and mails a second; '' is not entered yet. */
export interface Rate {
  readonly domain: string
  readonly perSecond: number | ''
}

/** Domains of a text, one a line or parted as people do. */
export function domainsOf(text: string): string[] {
  return text.split(/[\s,、]+/).filter((domain) => domain !== '')
}

export function ratesOf(settings: Readonly<Record<string, number>>): Rate[] {
  return Object.entries(settings).map(([domain, perSecond]) => ({ domain, perSecond }))
}

/** What is handed to the server; rows that nobody filled in are none. */
export function toDomainRates(rates: readonly Rate[]): Record<string, number | ''> {
  const given = rates.filter(({ domain, perSecond }) => domain.trim() !== '' || perSecond !== '')
  return Object.fromEntries(given.map(({ domain, perSecond }) => [domain.trim(), perSecond]))
}

/** Whether a row names the domain of one before it: only one of them would reach the server. */
export function isGivenTwice(rates: readonly Rate[], index: number): boolean {
  const domain = rates[index]?.domain.trim() ?? ''
  return domain !== '' && rates.slice(0, index).some((other) => other.domain.trim() === domain)
}
