import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { EmbedCode } from './embed-code.tsx'
import type { RegistrationForm } from './form-draft.ts'
import { FormTable } from './form-table.tsx'
import { RemoveForm } from './remove-form.tsx'
import { useFormTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/forms')({ component: Forms })

/** PC登録フォーム of seed 000. */
function Forms() {
  const t = useFormTexts()
  const params = Route.useParams()
  const service = Number(params.service)
  const { cursor } = Route.useSearch()
  const mayEdit = useCan('edit')
  const [chosen, setChosen] = useState<{ form: RegistrationForm; to: 'embed' | 'remove' }>()
  const close = () => setChosen(undefined)
  const { data, error, refetch } = useQuery({
    queryKey: ['forms', service, cursor],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/forms', {
          params: { path: { service }, query: { ...(cursor && { cursor }), limit: 50 } },
        }),
      ),
  })
  const create = mayEdit && (
    <Button
      component={Link}
      to="/services/$service/forms/$form"
      params={{ service: params.service, form: 'new' } as never}
    >
      {t('create')}
    </Button>
  )
  return (
    <Screen title={t('title')} about={t('about')} actions={create}>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={160} />}
      {data?.items.length === 0 && (
        <Empty title={t('none')} action={create}>
          {t('noneWhy')}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <FormTable
          service={service}
          forms={data.items}
          mayEdit={mayEdit}
          onChoose={(form, to) => setChosen({ form, to })}
        />
      )}
      <Pager next={data?.next} />
      {chosen?.to === 'embed' && <EmbedCode service={service} form={chosen.form} onClose={close} />}
      {chosen?.to === 'remove' && <RemoveForm service={service} form={chosen.form} onClose={close} />}
    </Screen>
  )
}
