import { Fieldset, SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { SaveBar } from '../../editing/save-bar.tsx'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { Failure } from '../../parts/failure.tsx'
import { ReadOnly } from '../../parts/read-only.tsx'
import { useCan } from '../../session/me.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { useDraftInWords } from './draft-in-words.ts'
import { FieldInputs } from './field-inputs.tsx'
import { type Draft, mistakesOf, type RegistrationForm, toChange, toDraft, toRequest } from './form-draft.ts'
import { Preview } from './preview.tsx'
import { readForm } from './read-form.ts'
import { RuleInputs } from './rule-inputs.tsx'
import { TextInputs } from './text-inputs.tsx'
import { useFormTexts } from './texts.ts'

interface FormEditorProps {
  service: number
  /** Undefined for a new one. */
  id: string | undefined
  start: Saved<Draft>
}

export function FormEditor({ service, id, start }: FormEditorProps) {
  const t = useFormTexts()
  const [language] = useLanguage()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const mayEdit = useCan('edit')
  const inWords = useDraftInWords()
  const editing = useEditing<Draft>({
    loaded: start,
    read: async () => savedOf(await readForm(service, id ?? '')),
    save: async (changes, edited) => savedOf(await save(service, id, changes, edited)),
    onSaved: async ({ values }) => {
      notifications.show({ color: 'teal', message: t('saved', { name: values.name }) })
      await queries.invalidateQueries({ queryKey: ['forms', service] })
      await navigate({ to: '/services/$service/forms', params: { service: String(service) } } as never)
    },
  })
  const { values: draft, set, error, conflict, isDirty, isSaving } = editing
  const shared = { draft, onChange: set, mistakeAt: mistakesOf(error, language) }
  const go = (event: FormEvent) => {
    event.preventDefault()
    editing.save()
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <form onSubmit={go} noValidate>
        <Stack>
          <ReadOnly needs="edit" />
          <Fieldset variant="unstyled" disabled={!mayEdit}>
            <Stack>
              <RuleInputs service={service} {...shared} />
              {draft.languages.map((one) => (
                <TextInputs key={one} language={one} {...shared} />
              ))}
              <FieldInputs {...shared} />
            </Stack>
          </Fieldset>
          {error !== null && error !== undefined && <Failure error={error} />}
          {conflict ? (
            <ChangedMeanwhile conflict={conflict} describe={inWords} />
          ) : (
            <SaveBar isDirty={isDirty} isSaving={isSaving} onReset={editing.reset} />
          )}
        </Stack>
      </form>
      <Preview draft={draft} />
      {/* What is being saved leads away from here by itself. */}
      <UnsavedGuard isDirty={isDirty && !isSaving} />
    </SimpleGrid>
  )
}

export function savedOf(form: RegistrationForm): Saved<Draft> {
  return { values: toDraft(form), revision: form.revision }
}

function save(
  service: number,
  id: string | undefined,
  changes: Partial<Draft>,
  { values, revision }: Saved<Draft>,
): Promise<RegistrationForm> {
  if (id === undefined) {
    const params = { path: { service } }
    return bodyOf(api.POST('/api/v1/services/{service}/forms', { params, body: toRequest(values) }))
  }
  return bodyOf(
    api.PATCH('/api/v1/services/{service}/forms/{id}', {
      params: { path: { service, id } },
      body: { ...toChange(changes, values), revision },
    }),
  )
}
