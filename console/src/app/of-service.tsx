import { Button, Text } from '@mantine/core'
import { createLazyRoute, Link, Outlet } from '@tanstack/react-router'
import { Screen } from '../parts/screen.tsx'
import { useMe } from '../session/me.ts'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('of-service', {
  ja: {
    title: 'このサービスは開けません',
    why: 'サービスが存在しないか、このアカウントの担当に含まれていません。担当しているサービスは、画面上部の「サービス」で選べます。このサービスが必要な場合は、管理者に「利用者」画面での追加を依頼してください。',
    toOwn: '担当しているサービスへ',
  },
  en: {
    title: 'You cannot open this service',
    why: 'It does not exist, or was not granted to you. The services that you may use are in the list at the top. If you need this one, ask an administrator to add it under “People”.',
    toOwn: 'Go to a service of mine',
  },
})

export const Route = createLazyRoute('/inside/services/$service')({ component: OfService })

/** The screens of a service, for people who may use it; others are told so before any data is requested. */
function OfService() {
  const t = useTexts()
  const { service } = Route.useParams()
  const { data } = useMe()
  if (!data) return null
  if (data.services.some(({ id }) => String(id) === service)) return <Outlet />
  return (
    <Screen title={t('title')}>
      <Text>{t('why')}</Text>
      {data.services.length > 0 && (
        <Button component={Link} to="/" style={{ alignSelf: 'flex-start' }}>
          {t('toOwn')}
        </Button>
      )}
    </Screen>
  )
}
