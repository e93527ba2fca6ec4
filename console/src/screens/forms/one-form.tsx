import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { Failure } from '../../parts/failure.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useLanguage } from '../../texts/i18n.ts'
import { newDraft } from './form-draft.ts'
import { FormEditor, savedOf } from './form-editor.tsx'
import { readForm } from './read-form.ts'
import { useFormTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/forms/$form')({ component: OneForm })

/** Creates a form or changes one. */
function OneForm() {
  const t = useFormTexts()
  const { service, form } = Route.useParams()
  if (form !== 'new') return <KnownForm key={form} service={service} id={form} />
  return (
    <Reserved needs="edit" title={t('create')} about={t('about')}>
      <NewForm service={service} />
    </Reserved>
  )
}

function NewForm({ service }: { service: string }) {
  const t = useFormTexts()
  const [language] = useLanguage()
  return (
    <Screen title={t('create')}>
      <Back service={service} />
      <FormEditor
        service={Number(service)}
        id={undefined}
        start={{ values: newDraft(language), revision: '' }}
      />
    </Screen>
  )
}

function KnownForm({ service, id }: { service: string; id: string }) {
  const t = useFormTexts()
  const { data, error, refetch } = useQuery({
    queryKey: ['form', service, id],
    // A draft is not replaced while it is being edited; changes by others are shown when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => readForm(Number(service), id),
  })
  return (
    <Screen title={data?.name ?? t('edit')}>
      <Back service={service} />
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={400} />}
      {data && <FormEditor service={Number(service)} id={id} start={savedOf(data)} />}
    </Screen>
  )
}

function Back({ service }: { service: string }) {
  const t = useFormTexts()
  return (
    <Anchor component={Link} to="/services/$service/forms" params={{ service } as never}>
      {t('back')}
    </Anchor>
  )
}
