import { Select } from '@mantine/core'
import { useLanguage } from '../../texts/i18n.ts'
import { ACTION_NAMES, KIND_NAMES, kindOf } from './action-names.ts'
import { useAuditTexts } from './texts.ts'

const ALL = 'all'

/** Chooses everything, all actions on a kind of thing, or one action; can also be searched by a part of the name. */
export function ActionSelect({ value, onChange }: { value: string; onChange(value: string): void }) {
  const t = useAuditTexts()
  const [language] = useLanguage()
  const groups = Object.entries(KIND_NAMES).map(([kind, names]) => ({
    group: names[language],
    items: [
      { value: kind, label: t('allOf', { kind: names[language] }) },
      ...Object.entries(ACTION_NAMES)
        .filter(([action]) => kindOf(action) === kind)
        .map(([action, name]) => ({ value: action, label: name[language] })),
    ],
  }))
  return (
    <Select
      label={t('action')}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('noAction')}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      value={value || ALL}
      onChange={(chosen) => onChange(chosen === ALL ? '' : (chosen ?? ''))}
      data={[{ value: ALL, label: t('all') }, ...groups]}
    />
  )
}
