import { createLazyRoute } from '@tanstack/react-router'
import { Screen } from '../../parts/screen.tsx'
import { InboundMails } from './inbound-mails.tsx'
import { useInboundTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/inbound')({ component: Inbound })

function Inbound() {
  const t = useInboundTexts()
  return (
    <Screen title={t('title')} about={t('about')}>
      <InboundMails whose={Number(Route.useParams().service)} search={Route.useSearch()} />
    </Screen>
  )
}
