import { Alert, Button, Group, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Failure } from '../parts/failure.tsx'
import { ImportCounts } from './import-counts.tsx'
import { ImportProgress } from './import-progress.tsx'
import { RejectsLink } from './rejects-link.tsx'
import { useListTexts } from './texts.ts'
import { hasEnded, type ImportView } from './upload.ts'
import { canBeUndone, useImport, useImportChange } from './use-import.ts'

/** The result of a file that was carried out to the end, and the way to undo it while it is still in view. */
export function CarriedOut({ service, ended }: { service: number; ended: ImportView }) {
  const t = useListTexts()
  const queries = useQueryClient()
  const { data: view = ended } = useImport(service, ended.id, ended)
  const change = useImportChange(service, ended.id)
  const { state, undo } = view
  // The list changes twice: when the file has been applied, and when it has been undone.
  useEffect(() => {
    if (hasEnded({ state })) void queries.invalidateQueries({ queryKey: ['suppressions', service] })
  }, [state, service, queries])
  const titles = { failed: 'failedTitle', undone: 'undone', undoing: 'undoing' } as const
  return (
    <>
      {change.error && <Failure error={change.error} />}
      <Alert
        color={state === 'failed' ? 'red' : 'teal'}
        role="status"
        title={t(titles[state as keyof typeof titles] ?? 'doneTitle')}
      >
        {view.error && t('failedWhy')}
        {state === 'undone' && undo && t('undoResult', inDigits(undo))}
      </Alert>
      {state === 'undoing' && <ImportProgress view={view} lost={false} />}
      <ImportCounts view={view} />
      <RejectsLink service={service} id={view.id} count={view.rows.skipped} />
      {canBeUndone(view) && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed" flex={1}>
            {t('undoWhy')}
          </Text>
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate('undo')}>
            {t('undo')}
          </Button>
        </Group>
      )}
    </>
  )
}

/** Digits grouped, like the counts beside them. */
export function inDigits({ undone, left }: NonNullable<ImportView['undo']>) {
  return { undone: undone.toLocaleString(), left: (left ?? 0).toLocaleString() }
}
