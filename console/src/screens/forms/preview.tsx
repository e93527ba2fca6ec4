import {
  Button,
  Checkbox,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useState } from 'react'
import type { Language } from '../../texts/language.ts'
import type { Draft, DraftField } from './form-draft.ts'
import { PAGE_WORDS, useFormTexts } from './texts.ts'

/** Previews the public page while the form is being edited. */
export function Preview({ draft }: { draft: Draft }) {
  const t = useFormTexts()
  const { languages } = draft
  const [chosen, choose] = useState<Language>('ja')
  const language = languages.includes(chosen) ? chosen : (languages[0] ?? chosen)
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={t('preview')}
      // Stays in sight beside the long form whose texts it shows.
      style={{ position: 'sticky', top: 72, alignSelf: 'start' }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('preview')}
        </Text>
        {languages.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('previewLanguage')}
            value={language}
            onChange={(value) => choose(value as Language)}
            data={languages.map((value) => ({ value, label: t(value) }))}
          />
        )}
        {/* Nobody can type here: it only shows. */}
        <div inert lang={language}>
          <FormPreview draft={draft} language={language} />
        </div>
      </Stack>
    </Paper>
  )
}

function FormPreview({ draft, language }: { draft: Draft; language: Language }) {
  const { title, lead, button, consent } = draft.texts[language]
  const words = PAGE_WORDS[language]
  return (
    <Stack gap="md" style={{ overflowWrap: 'anywhere' }}>
      <Title order={2} size="h3">
        {title || '…'}
      </Title>
      {lead && <Text style={{ whiteSpace: 'pre-line' }}>{lead}</Text>}
      <TextInput label={`${words.address} ${words.required}`} />
      {draft.fields.map((field) => (
        <FieldPreview key={field.key} field={field} language={language} />
      ))}
      {consent && (
        <Checkbox label={`${consent} ${words.required}`} styles={{ label: { whiteSpace: 'pre-line' } }} />
      )}
      <div>
        <Button size="md">{button || words.button}</Button>
      </div>
    </Stack>
  )
}

function FieldPreview({ field, language }: { field: DraftField; language: Language }) {
  const words = PAGE_WORDS[language]
  const label = `${field.label[language] || '…'}${field.required ? ` ${words.required}` : ''}`
  if (field.type === 'checkbox') return <Checkbox label={label} />
  if (field.type === 'choice') {
    const labels = field.choices.map((choice) => choice.label[language] || '…')
    return <NativeSelect label={label} data={[words.choose, ...new Set(labels)]} />
  }
  return <TextInput label={label} {...(field.type === 'date' && { type: 'date' })} />
}
