import { Button, Table } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { EmbedCode } from './embed-code.tsx'
import type { RegistrationForm } from './form-draft.ts'
import { FormRow } from './form-row.tsx'
import { RemoveForm } from './remove-form.tsx'
import { useFormTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/forms')({ component: Forms })

const HEAD = ['name', 'active', 'confirmation', 'languages', 'updatedAt', 'actions'] as const

/** PC登録フォーム of seed 000. */
function Forms() {
  const t = useFormTexts()
  const params = Route.useParams()
  const service = Number(params.service)
  const { cursor } = Route.useSearch()
  const mayEdit = useCan('edit')
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<{ form: RegistrationForm; to: 'embed' | 'remove' }>()
  const close = () => setChosen(undefined)
  const query = useQuery({
    queryKey: ['forms', service, cursor],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/forms', {
          params: { path: { service }, query: { ...(cursor && { cursor }), limit: 50 } },
        }),
      ),
  })
  const switching = useMutation({
    mutationFn: ({ id, active }: RegistrationForm) =>
      api.PATCH('/api/v1/services/{service}/forms/{id}', {
        params: { path: { service, id } },
        body: { active: !active },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['forms', service] }),
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
      {switching.error && <Failure error={switching.error} />}
      <Rows<RegistrationForm>
        query={query}
        none={
          <Empty title={t('none')} action={create}>
            {t('noneWhy')}
          </Empty>
        }
        minWidth={760}
        head={HEAD.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
      >
        {(form) => (
          <FormRow
            key={form.id}
            service={service}
            form={form}
            mayEdit={mayEdit}
            isSwitching={switching.isPending}
            onSwitch={() => switching.mutate(form)}
            onEmbed={() => setChosen({ form, to: 'embed' })}
            onRemove={() => setChosen({ form, to: 'remove' })}
          />
        )}
      </Rows>
      {chosen?.to === 'embed' && <EmbedCode service={service} form={chosen.form} onClose={close} />}
      {chosen?.to === 'remove' && <RemoveForm service={service} form={chosen.form} onClose={close} />}
    </Screen>
  )
}
