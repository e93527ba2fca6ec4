import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { Failure } from '../../parts/failure.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useLanguage } from '../../texts/i18n.ts'
import { newDraft } from './form-draft.ts'
import { FormEditor, savedOf } from './form-editor.tsx'
import { readForm } from './read-form.ts'
import { useFormTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/forms/$form')({ component: OneForm })

/** A form that is made or changed. */
function OneForm() {
  const t = useFormTexts()
  const [language] = useLanguage()
  const params = Route.useParams()
  const [service, id] = [Number(params.service), params.form]
  const isNew = id === 'new'
  const { data, error, refetch } = useQuery({
    queryKey: ['form', service, id],
    enabled: !isNew,
    // What is being edited is not replaced below one's hands; what others did is told when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => readForm(service, id),
  })
  return (
    <Screen title={isNew ? t('create') : (data?.name ?? t('edit'))}>
      <Anchor component={Link} to="/services/$service/forms" params={{ service: params.service } as never}>
        {t('back')}
      </Anchor>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!isNew && !data && !error && <Skeleton h={400} />}
      {isNew && (
        <FormEditor service={service} id={undefined} start={{ values: newDraft(language), revision: '' }} />
      )}
      {data && <FormEditor key={id} service={service} id={id} start={savedOf(data)} />}
    </Screen>
  )
}
