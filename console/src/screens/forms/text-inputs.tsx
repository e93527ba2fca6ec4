import { Fieldset, Stack, Textarea, TextInput } from '@mantine/core'
import type { Language } from '../../texts/language.ts'
import { type Draft, type FormTexts, type MistakeAt, TEXTS } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface TextInputsProps {
  draft: Draft
  language: Language
  onChange(draft: Draft): void
  mistakeAt: MistakeAt
}

const OF_ONE_LINE = new Set<keyof FormTexts>(['title', 'button', 'mailSubject'])
const OF_MAIL = new Set<keyof FormTexts>(['mailSubject', 'mailText'])

/** The texts of the form in one language. */
export function TextInputs({ draft, language, onChange, mistakeAt }: TextInputsProps) {
  const t = useFormTexts()
  const texts = draft.texts[language]
  const set = (name: keyof FormTexts, value: string) =>
    onChange({ ...draft, texts: { ...draft.texts, [language]: { ...texts, [name]: value } } })
  const shown = TEXTS.filter((name) => draft.doubleOptIn || !OF_MAIL.has(name))
  return (
    <Fieldset legend={t('textsIn', { language: t(language) })}>
      <Stack gap="sm">
        {shown.map((name) => {
          const label = name === 'title' ? 'heading' : name
          const props = {
            label: t(label),
            description: t(`${label}Hint`),
            value: texts[name],
            error: mistakeAt(`texts.${language}.${name}`),
            onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
          }
          return OF_ONE_LINE.has(name) ? (
            <TextInput key={name} {...props} required={name === 'title'} />
          ) : (
            <Textarea key={name} {...props} autosize minRows={2} maxRows={8} />
          )
        })}
      </Stack>
    </Fieldset>
  )
}
