import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { createTexts } from '../texts/i18n.ts'
import { useTimeZone } from './moment.tsx'

const useTexts = createTexts('screen', {
  ja: { zone: '日時はタイムゾーン {{zone}} で表示しています。' },
  en: { zone: 'Times are those of {{zone}}.' },
})

interface ScreenProps {
  title: string
  /** One sentence: what this screen is for. */
  about?: string
  actions?: ReactNode
  children: ReactNode
}

/** A screen: its title, its actions and its content. */
export function Screen({ title, about, actions, children }: ScreenProps) {
  const t = useTexts()
  const zone = useTimeZone()
  useEffect(() => {
    document.title = `${title} – Kaijo`
  }, [title])
  return (
    <Stack maw={1280}>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: '1 1 24rem' }}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about && (
            <Text c="dimmed" size="sm" maw={720}>
              {about}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
      <Text component="footer" size="xs" c="dimmed">
        {t('zone', { zone })}
      </Text>
    </Stack>
  )
}
