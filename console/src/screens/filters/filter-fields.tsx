import { Group, Radio, TextInput } from '@mantine/core'
import { useFilterTexts } from './texts.ts'

export interface FilterFields {
  name: string
  header: string
  pattern: string
  match: 'exact' | 'regex'
}

interface FilterInputsProps {
  fields: FilterFields
  onChange(change: Partial<FilterFields>): void
  errorOf(field: string): string | undefined
}

/** The fields of a filter as inputs. */
export function FilterInputs({ fields, onChange, errorOf }: FilterInputsProps) {
  const t = useFilterTexts()
  return (
    <>
      <TextInput
        label={t('name')}
        required
        data-autofocus
        maxLength={50}
        value={fields.name}
        error={errorOf('name')}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('header')}
        placeholder="X-List"
        required
        maxLength={100}
        value={fields.header}
        error={errorOf('header')}
        onChange={(event) => onChange({ header: event.currentTarget.value })}
      />
      <TextInput
        label={t('pattern')}
        required
        maxLength={100}
        value={fields.pattern}
        error={errorOf('pattern')}
        onChange={(event) => onChange({ pattern: event.currentTarget.value })}
      />
      <Radio.Group
        label={t('match')}
        value={fields.match}
        onChange={(value) => onChange({ match: value as FilterFields['match'] })}
      >
        <Group mt="xs">
          <Radio value="exact" label={t('exact')} />
          <Radio value="regex" label={t('regex')} />
        </Group>
      </Radio.Group>
    </>
  )
}

/** Puts somebody's change of a filter into words. */
export function useDescribeFilter() {
  const t = useFilterTexts()
  return (field: keyof FilterFields, value: unknown) => ({
    name: t(field),
    value: field === 'match' ? t(value as FilterFields['match']) : String(value),
  })
}
