import { Button, Fieldset, Stack, Text } from '@mantine/core'
import { type Draft, type DraftField, type MistakeAt, newField } from './form-draft.ts'
import { OneField } from './one-field.tsx'
import { useFormTexts } from './texts.ts'

interface FieldInputsProps {
  draft: Draft
  onChange(draft: Draft): void
  mistakeAt: MistakeAt
}

const MOST_FIELDS = 20

/** The fields that the form asks for besides the address, in its order. */
export function FieldInputs({ draft, onChange, mistakeAt }: FieldInputsProps) {
  const t = useFormTexts()
  const { fields, languages } = draft
  const replace = (index: number, ...by: DraftField[]) =>
    onChange({ ...draft, fields: fields.toSpliced(index, 1, ...by) })
  const swap = (upper: number) => {
    const [first, second] = [fields[upper], fields[upper + 1]]
    if (first && second) onChange({ ...draft, fields: fields.toSpliced(upper, 2, second, first) })
  }
  return (
    <Fieldset legend={t('fields')}>
      <Stack gap="md" align="stretch">
        <Text size="sm" c="dimmed">
          {t('fieldsHint')}
        </Text>
        {fields.map((field, index) => (
          <OneField
            key={field.key}
            field={field}
            index={index}
            languages={languages}
            mistakeAt={(place) => mistakeAt(`fields[${index}].${place}`)}
            onChange={(changed) => replace(index, changed)}
            onRemove={() => replace(index)}
            onUp={index > 0 ? () => swap(index - 1) : undefined}
            onDown={index < fields.length - 1 ? () => swap(index) : undefined}
          />
        ))}
        <div>
          <Button
            size="xs"
            variant="default"
            disabled={fields.length >= MOST_FIELDS}
            onClick={() => onChange({ ...draft, fields: [...fields, newField()] })}
          >
            {t('addField')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  )
}
