import { Button, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Screen } from '../../parts/screen.tsx'
import { MissingKeys } from './missing-keys.tsx'
import { Requests } from './requests.tsx'
import { useUnverifiedTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/unverified')({ component: ReservedUnverified })

function ReservedUnverified() {
  const t = useUnverifiedTexts()
  return (
    <Reserved needs="installation" title={t('title')} about={t('about')}>
      <Unverified />
    </Reserved>
  )
}

/** Requests that wait for a secret key. */
function Unverified() {
  const t = useUnverifiedTexts()
  const queries = useQueryClient()
  const search = Route.useSearch()
  const { data, error, refetch } = useQuery({
    queryKey: ['unverified', 'keys'],
    queryFn: () => bodyOf(api.GET('/api/v1/installation/unverified-requests/keys')),
  })
  const retry = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/installation/unverified-requests/retry')),
    onSuccess: (counts) => {
      const isDone = counts.replayed + counts.broken > 0
      notifications.show({
        color: isDone ? 'teal' : 'yellow',
        message: isDone ? t('retried', counts) : t('retriedNone'),
      })
      return queries.invalidateQueries({ queryKey: ['unverified'] })
    },
  })
  const waiting = data?.items ?? []
  return (
    <Screen
      title={t('title')}
      about={t('about')}
      actions={
        waiting.length > 0 && (
          <Button loading={retry.isPending} onClick={() => retry.mutate()}>
            {t('retry')}
          </Button>
        )
      }
    >
      {(error ?? retry.error) && <Failure error={error ?? retry.error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && waiting.length === 0 && <Empty title={t('none')}>{t('noneWhy')}</Empty>}
      {waiting.length > 0 && (
        <>
          <MissingKeys keys={waiting} />
          <Requests search={search} keys={waiting.map(({ keyId }) => keyId)} />
        </>
      )}
    </Screen>
  )
}
