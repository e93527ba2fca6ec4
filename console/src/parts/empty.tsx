import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Shown where there is nothing yet: says what would be here, and how it gets here. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" ta="center">
        <Text fw={600}>{title}</Text>
        {children && (
          <Text size="sm" c="dimmed" maw={560}>
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  )
}
