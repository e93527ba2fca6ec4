import { Select, type SelectProps } from '@mantine/core'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('zones', {
  ja: { none: '該当するタイムゾーンがありません' },
  en: { none: 'There is no such time zone' },
})

const ZONES = Intl.supportedValuesOf('timeZone')

type ZoneSelectProps = Omit<SelectProps, 'data' | 'searchable' | 'limit' | 'value'> & { value: string | null }

/** Chooses one of the time zones that the browser knows, or keeps the one already chosen. */
export function ZoneSelect({ value, ...props }: ZoneSelectProps) {
  const t = useTexts()
  const data = value === null || ZONES.includes(value) ? ZONES : [value, ...ZONES]
  return (
    <Select
      searchable
      limit={50}
      nothingFoundMessage={t('none')}
      {...(props as SelectProps)}
      value={value}
      data={data}
    />
  )
}
