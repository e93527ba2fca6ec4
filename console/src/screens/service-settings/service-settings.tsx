import { Skeleton, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { type FormEvent, useMemo } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { SaveBar } from '../../editing/save-bar.tsx'
import { useEditingTexts } from '../../editing/texts.ts'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { useEditing } from '../../editing/use-editing.ts'
import { useFieldErrors } from '../../editing/use-field-errors.ts'
import { Failure } from '../../parts/failure.tsx'
import { ReadOnly } from '../../parts/read-only.tsx'
import { Screen } from '../../parts/screen.tsx'
import { nameOfField } from '../../refusals/field-names.ts'
import { useCan } from '../../session/me.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { ListSections, MailSections } from './general-sections.tsx'
import { PageSection } from './page-section.tsx'
import { Section } from './section.tsx'
import { SettingFormContext } from './setting-form.ts'
import { ChoiceSetting } from './setting-inputs.tsx'
import {
  changeOf,
  type Draft,
  hasDomainTwice,
  readService,
  type ServiceView,
  savedOf,
  type Value,
} from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'
import { useValueInWords } from './value-in-words.ts'
import { ZipPassword } from './zip-password.tsx'

export const Route = createLazyRoute('/inside/services/$service/settings')({ component: ServiceSettings })

function ServiceSettings() {
  const t = useSettingTexts()
  const service = Number(Route.useParams().service)
  const { data, error, refetch } = useQuery({
    queryKey: ['service', service],
    queryFn: () => readService(service),
  })
  return (
    <Screen title={t('title')} about={t('about')}>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} />}
      {data && <SettingsForm key={data.id} service={data} />}
    </Screen>
  )
}

/** A draft stays as it was typed, even if the settings are loaded again meanwhile. */
function SettingsForm({ service }: { service: ServiceView }) {
  const t = useSettingTexts()
  const editingTexts = useEditingTexts()
  const queries = useQueryClient()
  const mayEdit = useCan('admin')
  const [language] = useLanguage()
  const inWords = useValueInWords()
  const { id } = service
  const editing = useEditing<Draft>({
    loaded: savedOf(service),
    read: async () => savedOf(await readService(id)),
    save: async (changes, { values, revision }) =>
      savedOf(
        await bodyOf(
          api.PATCH('/api/v1/services/{service}', {
            params: { path: { service: id } },
            body: { ...changeOf(changes as Draft, values), revision },
          }),
        ),
      ),
    onSaved: async () => {
      notifications.show({ color: 'teal', message: editingTexts('saved') })
      // Times are shown in the service's zone everywhere.
      await Promise.all([['service', id], ['me']].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  const errorOf = useFieldErrors(editing.error)
  const { values, set, conflict } = editing
  const form = useMemo(() => ({ values, set, errorOf, readOnly: !mayEdit }), [values, set, errorOf, mayEdit])
  const go = (event: FormEvent) => {
    event.preventDefault()
    if (hasDomainTwice(values)) return
    editing.save()
  }
  return (
    <SettingFormContext value={form}>
      <form onSubmit={go} noValidate>
        <Stack>
          <ReadOnly needs="admin" />
          <ListSections />
          <PageSection service={service} />
          <Section title={t('files')} about={t('filesWhy')}>
            <ZipPassword service={service} mayEdit={mayEdit} />
            <ChoiceSetting
              field="settings.exportEncryption"
              choices={[
                { value: 'zipcrypto', label: t('zipcrypto') },
                { value: 'aes-256', label: t('aes') },
              ]}
            />
          </Section>
          <MailSections service={id} mayEdit={mayEdit} />
          <SaveBar
            isDirty={editing.isDirty}
            isSaving={editing.isSaving}
            onReset={editing.reset}
            failure={editing.error ? <Failure error={editing.error} /> : undefined}
            decision={
              conflict && (
                <ChangedMeanwhile
                  conflict={conflict}
                  describe={(key, value) => ({
                    name: nameOfField(key, language),
                    value: inWords(key, value as Value),
                  })}
                />
              )
            }
          />
        </Stack>
      </form>
      <UnsavedGuard isDirty={editing.isDirty} />
    </SettingFormContext>
  )
}
