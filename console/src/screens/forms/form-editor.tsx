import { Button, Fieldset, Group, SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import { Failure } from '../../parts/failure.tsx'
import { useCan } from '../../session/me.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { ChangedMeanwhile } from './changed-meanwhile.tsx'
import { FieldInputs } from './field-inputs.tsx'
import { type Draft, mistakesOf, type RegistrationForm, toRequest } from './form-draft.ts'
import { Preview } from './preview.tsx'
import { RuleInputs } from './rule-inputs.tsx'
import { TextInputs } from './text-inputs.tsx'
import { useFormTexts } from './texts.ts'

interface FormEditorProps {
  service: number
  /** Undefined for a new one. */
  form: RegistrationForm | undefined
  start: Draft
}

export function FormEditor({ service, form, start }: FormEditorProps) {
  const t = useFormTexts()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const mayEdit = useCan('edit')
  const [language] = useLanguage()
  const [draft, setDraft] = useState(start)
  const saving = useMutation({
    mutationFn: (revision: string | undefined) => save(service, form?.id, draft, revision),
    onSuccess: async (saved) => {
      notifications.show({ color: 'teal', message: t('saved', { name: saved.name }) })
      queries.setQueryData(['form', service, saved.id], saved)
      await queries.invalidateQueries({ queryKey: ['forms', service] })
      await navigate({ to: '/services/$service/forms', params: { service: String(service) } } as never)
    },
  })
  const { error } = saving
  const mistakeAt = mistakesOf(error, language)
  const hasChanged = error instanceof Refusal && error.code === 'changed-meanwhile'
  const go = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(form?.revision)
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <form onSubmit={go} noValidate>
        <Stack>
          <Fieldset variant="unstyled" disabled={!mayEdit}>
            <Stack>
              <RuleInputs service={service} draft={draft} onChange={setDraft} mistakeAt={mistakeAt} />
              {draft.languages.map((language) => (
                <TextInputs
                  key={language}
                  draft={draft}
                  language={language}
                  onChange={setDraft}
                  mistakeAt={mistakeAt}
                />
              ))}
              <FieldInputs draft={draft} onChange={setDraft} mistakeAt={mistakeAt} />
            </Stack>
          </Fieldset>
          {error && !hasChanged && <Failure error={error} />}
          {hasChanged && form && (
            <ChangedMeanwhile
              service={service}
              id={form.id}
              isSaving={saving.isPending}
              onOverwrite={(revision) => saving.mutate(revision)}
            />
          )}
          {mayEdit && (
            <Group justify="flex-end">
              <Button type="submit" loading={saving.isPending}>
                {t('save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <Preview draft={draft} />
    </SimpleGrid>
  )
}

function save(
  service: number,
  id: string | undefined,
  draft: Draft,
  revision?: string,
): Promise<RegistrationForm> {
  const body = toRequest(draft)
  if (id === undefined) {
    return bodyOf(api.POST('/api/v1/services/{service}/forms', { params: { path: { service } }, body }))
  }
  return bodyOf(
    api.PATCH('/api/v1/services/{service}/forms/{id}', {
      params: { path: { service, id } },
      body: { ...body, ...(revision !== undefined && { revision }) },
    }),
  )
}
