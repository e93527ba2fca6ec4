import { Text } from '@mantine/core'
import { createLazyRoute } from '@tanstack/react-router'
import { Screen } from '../parts/screen.tsx'
import { ChangePassword } from './change-password.tsx'
import { useGrantTexts } from './grant-texts.ts'
import { useMe } from './me.ts'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'
import { useSessionTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/account')({ component: Account })

function Account() {
  const t = useSessionTexts()
  const grants = useGrantTexts()
  const { data } = useMe()
  if (!data) return null
  const { person } = data
  return (
    <Screen title={t('account')}>
      <Text>
        {/* Who was entered without a name is called by the address. */}
        {person.name !== person.email && `${person.name} · `}
        {person.email} · {grants(`role_${person.role}`)}
      </Text>
      <ChangePassword />
      <SecondFactor on={person.hasSecondFactor} />
      <Sessions />
    </Screen>
  )
}
