import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { Language } from '../../texts/language.ts'
import { type DraftChoice, type DraftField, type MistakeAt, newChoice } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface ChoiceInputsProps {
  field: DraftField
  languages: readonly Language[]
  mistakeAt: MistakeAt
  onChange(field: DraftField): void
}

/** The choices of a field: the value that is stored, and its name in each language. */
export function ChoiceInputs({ field, languages, mistakeAt, onChange }: ChoiceInputsProps) {
  const t = useFormTexts()
  const { choices } = field
  const replace = (index: number, ...by: DraftChoice[]) =>
    onChange({ ...field, choices: choices.toSpliced(index, 1, ...by) })
  const mistake = choices.length === 0 ? mistakeAt('choices') : undefined
  return (
    <Stack gap="xs" pl="sm">
      <Text size="sm" fw={500}>
        {t('choices')}
      </Text>
      {choices.map((choice, index) => {
        const place = `choices[${index}]`
        const number = index + 1
        return (
          <Group key={choice.key} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              flex={1}
              aria-label={t('choiceValue', { number })}
              placeholder={t('value')}
              value={choice.value}
              error={mistakeAt(`${place}.value`)}
              onChange={(event) => replace(index, { ...choice, value: event.currentTarget.value })}
            />
            {languages.map((language) => (
              <TextInput
                key={language}
                flex={1}
                aria-label={t('choiceLabel', { number, language: t(language) })}
                placeholder={t(language)}
                value={choice.label[language]}
                error={mistakeAt(`${place}.label.${language}`)}
                onChange={(event) =>
                  replace(index, {
                    ...choice,
                    label: { ...choice.label, [language]: event.currentTarget.value },
                  })
                }
              />
            ))}
            <ActionIcon
              variant="subtle"
              color="red"
              mt={4}
              aria-label={t('removeChoice', { number })}
              onClick={() => replace(index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        )
      })}
      {mistake && (
        <Text size="sm" c="red">
          {mistake}
        </Text>
      )}
      <div>
        <Button
          size="xs"
          variant="default"
          disabled={choices.length >= 50}
          onClick={() => onChange({ ...field, choices: [...choices, newChoice()] })}
        >
          {t('addChoice')}
        </Button>
      </div>
    </Stack>
  )
}
