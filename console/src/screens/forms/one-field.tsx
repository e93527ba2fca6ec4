import { ActionIcon, Checkbox, Group, Paper, Select, Stack, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { Language } from '../../texts/language.ts'
import { ChoiceInputs } from './choice-inputs.tsx'
import { type DraftField, FIELD_TYPES, type MistakeAt } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface OneFieldProps {
  field: DraftField
  index: number
  languages: readonly Language[]
  mistakeAt: MistakeAt
  onChange(field: DraftField): void
  onRemove(): void
  /** Undefined where it cannot be moved. */
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
}

export function OneField(props: OneFieldProps) {
  const t = useFormTexts()
  const { field, index, languages, mistakeAt, onChange, onRemove, onUp, onDown } = props
  const { attribute, type, label, required } = field
  const number = index + 1
  return (
    <Paper withBorder p="sm" component="section" aria-label={t('field', { number })}>
      <Stack gap="xs">
        <Group gap="xs" align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label={t('attribute')}
            description={t('attributeHint')}
            required
            maxLength={100}
            value={attribute}
            error={mistakeAt('attribute')}
            onChange={(event) => onChange({ ...field, attribute: event.currentTarget.value })}
          />
          <Select
            label={t('type')}
            description={t('typeHint')}
            allowDeselect={false}
            value={type}
            error={mistakeAt('type')}
            onChange={(value) => onChange({ ...field, type: value as DraftField['type'] })}
            data={FIELD_TYPES.map((value) => ({ value, label: t(`type_${value}`) }))}
          />
        </Group>
        {languages.map((language) => (
          <TextInput
            key={language}
            label={t('labelIn', { language: t(language) })}
            required
            maxLength={200}
            value={label[language]}
            error={mistakeAt(`label.${language}`)}
            onChange={(event) =>
              onChange({ ...field, label: { ...label, [language]: event.currentTarget.value } })
            }
          />
        ))}
        {type === 'choice' && (
          <ChoiceInputs field={field} languages={languages} mistakeAt={mistakeAt} onChange={onChange} />
        )}
        <Group justify="space-between">
          <Checkbox
            label={t(type === 'checkbox' ? 'mustBeTicked' : 'required')}
            checked={required}
            onChange={(event) => onChange({ ...field, required: event.currentTarget.checked })}
          />
          <Group gap={4}>
            <ActionIcon
              variant="default"
              aria-label={t('moveUp', { number })}
              disabled={!onUp}
              onClick={onUp}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="default"
              aria-label={t('moveDown', { number })}
              disabled={!onDown}
              onClick={onDown}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={t('removeField', { number })} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
      </Stack>
    </Paper>
  )
}
