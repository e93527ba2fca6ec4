import { Text } from '@mantine/core'
import { useListNames } from '../../lists/list-names.ts'
import { Moment } from '../../parts/moment.tsx'
import { nameOfField } from '../../refusals/field-names.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { useDetailTexts } from './detail-texts.ts'

type Detail = Readonly<Record<string, unknown>>

/**
 * The details of a request as names and values in the person's language, each after the value that it replaced, where
 * that is on record; an unknown name or word is shown as recorded.
 */
export function Details({ detail }: { detail: Detail }) {
  const [language] = useLanguage()
  const t = useDetailTexts()
  const nameOf = (path: string) =>
    t(`name_${path}` as 'name_id', { defaultValue: nameOfField(path, language) })
  const { before, ...asked } = detail
  const pairs = new Map(pairsOf(asked))
  const replaced = new Map(pairsOf((before ?? {}) as Detail))
  // A value that was removed occurs only among the replaced ones.
  const paths = [...new Set([...pairs.keys(), ...replaced.keys()])]
  if (paths.length === 0) return null
  return (
    <dl className="details">
      {paths.map((path) => (
        <div key={path}>
          <Text component="dt" inherit span c="dimmed" title={path}>
            {nameOf(path)}
          </Text>
          <dd>
            {replaced.has(path) && (
              <>
                <Text component="del" inherit span c="dimmed">
                  <Value value={replaced.get(path)} {...kindOf(path)} />
                </Text>
                <span role="img" aria-label={t('becomes')}>
                  {' → '}
                </span>
              </>
            )}
            <Value value={pairs.get(path) ?? null} {...kindOf(path)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function kindOf(path: string): Omit<ValueProps, 'value'> {
  return { isOfList: path === 'list' || path === 'lists', isOfScope: path === 'services' }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

interface ValueProps {
  value: unknown
  isOfList: boolean
  /** Whether an empty list means all. */
  isOfScope: boolean
}

function Value({ value, isOfList, isOfScope }: ValueProps) {
  const t = useDetailTexts()
  const listName = useListNames()
  const [language] = useLanguage()
  const word = (one: unknown): string => {
    if (typeof one === 'number') return one.toLocaleString(language)
    if (typeof one === 'object' && one !== null) return inWords(one, language)
    const text = isOfList && one !== null ? listName(String(one)) : String(one)
    return t(`value_${text}` as 'value_true', { defaultValue: text })
  }
  if (typeof value === 'string' && INSTANT.test(value)) return <Moment at={value} />
  if (!Array.isArray(value)) return word(value)
  if (value.length === 0) return t(isOfScope ? 'all' : 'value_none')
  return value.map(word).join(t('comma'))
}

/** One of several things that have parts of their own, such as the fields of a form. */
function inWords(thing: object, language: 'ja' | 'en'): string {
  const parts = [...pairsOf(thing as Detail)].map(
    ([path, value]) => `${nameOfField(path, language)}: ${value}`,
  )
  return `(${parts.join(language === 'ja' ? '、' : ', ')})`
}

/** Nested values are named by their path, as the fields of the interface are: `settings.mailDays`. */
function* pairsOf(detail: Detail, before = ''): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(detail)) {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isGroup) yield* pairsOf(value as Detail, `${before}${name}.`)
    else if (value !== undefined) yield [`${before}${name}`, value]
  }
}
