import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useGrantTexts } from '../session/grant-texts.ts'
import { type Me, mayDo, useMe } from '../session/me.ts'
import { createTexts } from '../texts/i18n.ts'
import { Screen } from './screen.tsx'

const useTexts = createTexts('reserved', {
  ja: {
    title: 'この画面を開く権限がありません',
    'who_site-admin':
      '開けるのは、役割が「{{administrator}}」で、サイトのすべてのサービスを担当する利用者です。',
    who_installation: '開けるのは、役割が「{{administrator}}」で、すべてのサイトを担当する利用者です。',
    who_edit:
      '開けるのは、「{{permission}}」権限を持つ利用者です。役割「{{administrator}}」と「{{operator}}」には含まれています。',
    'who_error-count-reset':
      '開けるのは、「{{permission}}」権限を持つ利用者です。どの役割にも含まれないため、利用者ごとに付与します。',
    you: '{{email}} の役割は「{{role}}」です。この画面が必要な場合は、管理者に「利用者」画面での変更を依頼してください。',
  },
  en: {
    title: 'You may not open this screen',
    'who_site-admin': 'It is open to people with the role “{{administrator}}” for all services of the site.',
    who_installation: 'It is open to people with the role “{{administrator}}” for every site.',
    who_edit:
      'It is open to people with the permission “{{permission}}”, which the roles “{{administrator}}” and “{{operator}}” bring along.',
    'who_error-count-reset':
      'It is open to people with the permission “{{permission}}”, which no role brings along.',
    you: 'The role of {{email}} is “{{role}}”. If you need this screen, ask an administrator to change that under “People”.',
  },
})

interface ReservedProps {
  needs: 'site-admin' | 'installation' | 'edit' | 'error-count-reset'
  title: string
  /** One sentence: what the screen shows. */
  about: string
  /** The screen, which loads its own data. */
  children: ReactNode
}

/**
 * A screen that not everyone may open. People who follow a link without the right to it are told what the screen shows
 * and who may open it; no data is requested.
 */
export function Reserved({ needs, title, about, children }: ReservedProps) {
  const { data: me } = useMe()
  if (!me) return null
  if (mayDo(me, needs)) return children
  return (
    <Screen title={title} about={about}>
      <WhoMay needs={needs} me={me} />
    </Screen>
  )
}

function WhoMay({ needs, me: { person } }: { needs: ReservedProps['needs']; me: Me }) {
  const t = useTexts()
  const grants = useGrantTexts()
  const names = {
    administrator: grants('role_administrator'),
    operator: grants('role_operator'),
    permission: needs === 'edit' || needs === 'error-count-reset' ? grants(`permission_${needs}`) : '',
  }
  return (
    <Paper withBorder p="xl">
      <Stack gap="xs">
        <Text fw={600}>{t('title')}</Text>
        <Text size="sm">{t(`who_${needs}`, names)}</Text>
        <Text size="sm" c="dimmed">
          {t('you', { email: person.email, role: grants(`role_${person.role}`) })}
        </Text>
      </Stack>
    </Paper>
  )
}
