import { api, bodyOf } from '../../api/client.ts'
import type { Saved } from '../../editing/use-editing.ts'
import { domainsOf, isGivenTwice, type Rate, ratesOf, toDomainRates } from './domain-values.ts'

export type Value = string | number | boolean | null | readonly Rate[]

/**
 * The editable settings, by the names under which the native interface refuses them: `settings.mailDays`. Empty is ''.
 */
export type Draft = Readonly<Record<string, Value>>

export const readService = (service: number) =>
  bodyOf(api.GET('/api/v1/services/{service}', { params: { path: { service } } }))

export type ServiceView = Awaited<ReturnType<typeof readService>>

const SETTINGS = [
  'automaticExclusion',
  'softBounceThreshold',
  'softBounceDays',
  'cancelMode',
  'blankMail',
  'exportEncryption',
  'evidenceDays',
  'mailDays',
  'messageDays',
  'inboundDays',
  'opaqueDays',
  'confirmationFrom',
  'confirmationName',
  'confirmationsPerHour',
  'confirmationsPerDay',
  'feedbackId',
  'mailsPerSecond',
  'mailsPerDay',
  'connections',
  'araraV1Times',
  'refuseWhenAllExcluded',
  'otherListsOnPage',
] as const satisfies readonly (keyof ServiceView['settings'])[]

/** Texts that may be missing: '' in the form and null for the server. */
const TEXT_SETTINGS: ReadonlySet<string> = new Set(['confirmationFrom', 'confirmationName', 'feedbackId'])

const RATES = 'settings.domainRates'

export const LANGUAGES = ['ja', 'en'] as const
export const TEXTS = ['ask', 'stopped', 'alreadyStopped', 'resumed', 'footer'] as const

export function savedOf(service: ServiceView): Saved<Draft> {
  return { values: draftOf(service), revision: service.revision }
}

function draftOf({ timeZone, allowedDomains, lifetimeDays, settings, page }: ServiceView): Draft {
  const texts = LANGUAGES.flatMap((language) =>
    TEXTS.map((name) => [textKey(language, name), page.texts[language][name] ?? ''] as const),
  )
  return {
    timeZone,
    allowedDomains: allowedDomains.join('\n'),
    ...prefixed('lifetimeDays', Object.entries(lifetimeDays)),
    ...prefixed(
      'settings',
      SETTINGS.map((name) => [name, settings[name] ?? (TEXT_SETTINGS.has(name) ? '' : null)]),
    ),
    [RATES]: ratesOf(settings.domainRates),
    'page.name': page.name ?? '',
    'page.accent': page.accent ?? '',
    'page.privacyUrl': page.privacyUrl ?? '',
    'page.language': page.language,
    ...Object.fromEntries(texts),
  }
}

export function textKey(language: (typeof LANGUAGES)[number], name: (typeof TEXTS)[number]): string {
  return `page.texts.${language}.${name}`
}

/** Only one of two such rows would be saved, so nothing is until a person has decided. */
export function hasDomainTwice(values: Draft): boolean {
  const rates = values[RATES] as readonly Rate[]
  return rates.some((_, index) => isGivenTwice(rates, index))
}

/** The body of a change: only what was changed, except that the texts of the pages are sent as a whole. */
export function changeOf(changes: Draft, values: Draft): object {
  const ofLifetimes = below('lifetimeDays', changes)
  const ofSettings = mapValues(below('settings', changes), (value, name) => {
    if (typeof value === 'object' && value !== null) return toDomainRates(value)
    return TEXT_SETTINGS.has(name) && value === '' ? null : value
  })
  const ofPage = pageOf(changes, values)
  return {
    ...('timeZone' in changes && { timeZone: changes['timeZone'] }),
    ...('allowedDomains' in changes && { allowedDomains: domainsOf(String(changes['allowedDomains'])) }),
    ...(!isEmpty(ofLifetimes) && { lifetimeDays: ofLifetimes }),
    ...(!isEmpty(ofSettings) && { settings: ofSettings }),
    ...(!isEmpty(ofPage) && { page: ofPage }),
  }
}

/** The part of a change that is about public pages. */
export function pageOf(changes: Draft, values: Draft): object {
  const given = Object.entries(below('page', changes)).filter(([name]) => !name.startsWith('texts.'))
  const isAboutTexts = Object.keys(changes).some((key) => key.startsWith('page.texts.'))
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, value === '' ? null : value])),
    ...(isAboutTexts && { texts: textsOf(values) }),
  }
}

function textsOf(values: Draft): object {
  return Object.fromEntries(
    LANGUAGES.map((language) => {
      const given = TEXTS.map((name) => [name, String(values[textKey(language, name)] ?? '').trim()])
      return [language, Object.fromEntries(given.filter(([, text]) => text !== ''))]
    }),
  )
}

function prefixed(prefix: string, entries: readonly (readonly [string, Value])[]): Draft {
  return Object.fromEntries(entries.map(([name, value]) => [`${prefix}.${name}`, value]))
}

function below(prefix: string, changes: Draft): Record<string, Value> {
  const start = `${prefix}.`
  const found = Object.entries(changes).filter(([key]) => key.startsWith(start))
  return Object.fromEntries(found.map(([key, value]) => [key.slice(start.length), value]))
}

function mapValues(
  values: Record<string, Value>,
  change: (value: Value, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]))
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0
}
