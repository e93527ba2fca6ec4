import { Button, Group, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { Dialog } from '../parts/dialog.tsx'
import { useEditingTexts } from './texts.ts'

/** Asks before leaving a page with unsaved changes; before the page is closed the browser asks by itself. */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const t = useEditingTexts()
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return (
    <Dialog opened onClose={reset} title={t('unsaved')}>
      <Stack>
        <Text size="sm">{t('unsavedWhy')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={proceed}>
            {t('leave')}
          </Button>
          <Button data-autofocus onClick={reset}>
            {t('stay')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
