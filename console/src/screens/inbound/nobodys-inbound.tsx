import { createLazyRoute } from '@tanstack/react-router'
import { Reserved } from '../../parts/reserved.tsx'
import { Screen } from '../../parts/screen.tsx'
import { InboundMails } from './inbound-mails.tsx'
import { useInboundTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/nobodys-inbound')({ component: ReservedNobodysInbound })

function ReservedNobodysInbound() {
  const t = useInboundTexts()
  return (
    <Reserved needs="installation" title={t('nobodysTitle')} about={t('nobodysAbout')}>
      <NobodysInbound />
    </Reserved>
  )
}

/** Mail that belongs to no known service: for people who look after all sites. */
function NobodysInbound() {
  const t = useInboundTexts()
  return (
    <Screen title={t('nobodysTitle')} about={t('nobodysAbout')}>
      <InboundMails whose="nobody" search={Route.useSearch()} />
    </Screen>
  )
}
