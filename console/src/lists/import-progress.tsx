import '@mantine/core/styles/Progress.css'
import { Alert, Progress, Stack, Text } from '@mantine/core'
import { useListTexts } from './texts.ts'
import type { ImportView } from './upload.ts'

/** The progress of an import, or of undoing it, with its speed and the time left. */
export function ImportProgress({ view, lost }: { view: ImportView | undefined; lost: boolean }) {
  const t = useListTexts()
  const isUndoing = view?.state === 'undoing'
  const { done, total, rate, secondsLeft } = isUndoing ? undoneOf(view) : appliedOf(view)
  return (
    <Stack gap="xs" aria-live="polite">
      {lost && <Alert color="yellow">{t('reconnecting')}</Alert>}
      <Progress
        value={total === 0 ? 0 : (100 * done) / total}
        animated
        aria-label={t(isUndoing ? 'undoing' : 'running')}
      />
      <Text size="sm">
        {done.toLocaleString()} / {total.toLocaleString()}
        {rate && secondsLeft !== null
          ? ` · ${t('rate', { rate: rate.toLocaleString(), seconds: secondsLeft })}`
          : ''}
      </Text>
    </Stack>
  )
}

function appliedOf(view: ImportView | undefined) {
  if (!view) return { done: 0, total: 0, rate: null, secondsLeft: null }
  const { read, skipped, repeated, applied } = view.rows
  const { rowsPerSecond: rate, secondsLeft } = view
  return { done: applied, total: read - skipped - repeated, rate, secondsLeft }
}

/** Rows that others have changed since are left alone, so undoing may end before the count reaches the total. */
function undoneOf({ undo, rows }: ImportView) {
  return { done: undo?.undone ?? 0, total: rows.changed, rate: null, secondsLeft: null }
}
