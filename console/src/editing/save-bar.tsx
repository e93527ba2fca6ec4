import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useEditingTexts } from './texts.ts'

interface SaveBarProps {
  isDirty: boolean
  isSaving: boolean
  onReset(): void
  /** Why it was not saved. */
  failure?: ReactNode
  /** What has to be decided before it can be saved. */
  decision?: ReactNode
}

/**
 * Stays in sight below a long form while it has unsaved changes, and shows what the server said about them, since that
 * is where people look when they save. Saving is the form's own submit.
 */
export function SaveBar({ isDirty, isSaving, onReset, failure, decision }: SaveBarProps) {
  const t = useEditingTexts()
  if (!isDirty) return null
  return (
    <Paper
      withBorder
      shadow="md"
      p="sm"
      pos="sticky"
      bottom={8}
      style={{ zIndex: 10, maxHeight: '60vh', overflowY: 'auto' }}
    >
      <Stack gap="sm">
        {failure}
        {decision ?? (
          <Group justify="space-between">
            <Text size="sm" role="status">
              {t('unsaved')}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onReset} disabled={isSaving}>
                {t('reset')}
              </Button>
              <Button type="submit" loading={isSaving}>
                {t('save')}
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
