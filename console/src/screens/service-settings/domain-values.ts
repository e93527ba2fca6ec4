/** A row of the form: a domain, or `*` for all others, and mails per second; '' where nothing has been entered yet. */
export interface Rate {
  readonly domain: string
  readonly perSecond: number | ''
}

/** The domains in a text, one per line or separated in the ways that people use. */
export function domainsOf(text: string): string[] {
  return text.split(/[\s,、]+/).filter((domain) => domain !== '')
}

export function ratesOf(settings: Readonly<Record<string, number>>): Rate[] {
  return Object.entries(settings).map(([domain, perSecond]) => ({ domain, perSecond }))
}

/** The rows to be sent to the server; empty rows are left out. */
export function toDomainRates(rates: readonly Rate[]): Record<string, number | ''> {
  const given = rates.filter(({ domain, perSecond }) => domain.trim() !== '' || perSecond !== '')
  return Object.fromEntries(given.map(({ domain, perSecond }) => [domain.trim(), perSecond]))
}

/** Whether a row repeats the domain of an earlier one: only one of them would reach the server. */
export function isGivenTwice(rates: readonly Rate[], index: number): boolean {
  const domain = rates[index]?.domain.trim() ?? ''
  return domain !== '' && rates.slice(0, index).some((other) => other.domain.trim() === domain)
}
