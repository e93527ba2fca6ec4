import '@mantine/core/styles/Center.css'
import { Center, Group, Paper, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import icon from '../app/icon.svg'
import { LanguageSwitch } from '../parts/language-switch.tsx'

/** The frame around pages for people who are not signed in. */
export function Outside({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={420}>
        <Group justify="space-between">
          <Group gap="xs">
            <img src={icon} alt="" width={28} height={28} />
            <Title order={1} size="h3">
              Kaijo
            </Title>
          </Group>
          <LanguageSwitch />
        </Group>
        <Paper withBorder p="lg" shadow="sm">
          <Title order={2} size="h4" mb="md">
            {title}
          </Title>
          {children}
        </Paper>
      </Stack>
    </Center>
  )
}
