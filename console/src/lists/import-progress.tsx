import '@mantine/core/styles/Progress.css'
import { Alert, Progress, Stack, Text } from '@mantine/core'
import { useListTexts } from './texts.ts'
import type { ImportView } from './upload.ts'

/** How far an import is, with its speed and the time that is left. */
export function ImportProgress({ view, lost }: { view: ImportView | undefined; lost: boolean }) {
  const t = useListTexts()
  const total = view ? view.rows.read - view.rows.skipped - view.rows.repeated : 0
  const done = view?.rows.applied ?? 0
  const rate = view?.rowsPerSecond
  return (
    <Stack gap="xs" aria-live="polite">
      {lost && <Alert color="yellow">{t('reconnecting')}</Alert>}
      <Progress value={total === 0 ? 0 : (100 * done) / total} animated aria-label={t('running')} />
      <Text size="sm">
        {done.toLocaleString()} / {total.toLocaleString()}
        {rate && view.secondsLeft !== null
          ? ` · ${t('rate', { rate: rate.toLocaleString(), seconds: view.secondsLeft })}`
          : ''}
      </Text>
    </Stack>
  )
}
