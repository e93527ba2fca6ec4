import { createLazyRoute } from '@tanstack/react-router'
import { Screen } from '../../parts/screen.tsx'
import { InboundMails } from './inbound-mails.tsx'
import { useInboundTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/nobodys-inbound')({ component: NobodysInbound })

/** Mail of which nobody can tell whose it is: for who looks after all sites. */
function NobodysInbound() {
  const t = useInboundTexts()
  return (
    <Screen title={t('nobodysTitle')} about={t('nobodysAbout')}>
      <InboundMails whose="nobody" search={Route.useSearch()} />
    </Screen>
  )
}
