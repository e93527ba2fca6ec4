import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { inDigits } from '../../lists/carried-out.tsx'
import { ImportCounts } from '../../lists/import-counts.tsx'
import { ImportProgress } from '../../lists/import-progress.tsx'
import { useListNames } from '../../lists/list-names.ts'
import { RejectsLink } from '../../lists/rejects-link.tsx'
import { useListTexts } from '../../lists/texts.ts'
import { hasEnded } from '../../lists/upload.ts'
import { canBeUndone, useImport, useImportChange } from '../../lists/use-import.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useCan } from '../../session/me.ts'
import { useImportTexts } from './texts.ts'

/** One file: the outcome of its rows, and the way to cancel or undo it. */
export function ImportDetails({
  service,
  id = 0,
  onClose,
}: {
  service: number
  id: number | undefined
  onClose(): void
}) {
  const t = useImportTexts()
  const lists = useListTexts()
  const names = useListNames()
  const mayEdit = useCan('edit')
  const { data, error } = useImport(service, id)
  const change = useImportChange(service, id)
  const canUndo = data && canBeUndone(data)
  return (
    <Dialog opened={id > 0} onClose={onClose} title={data?.fileName ?? t('details')} size="lg">
      <Stack>
        {error && <Failure error={error} />}
        {change.error && <Failure error={change.error} />}
        {data && (
          <>
            <Text size="sm">
              {names(data.list)} · {t(data.action)} · {t(`state_${data.state}`)}
            </Text>
            {hasEnded(data) ? <ImportCounts view={data} /> : <ImportProgress view={data} lost={false} />}
            {data.error && <Text c="red">{lists('failedWhy')}</Text>}
            {data.undo && data.undo.left !== null && (
              <Text size="sm">{lists('undoResult', inDigits(data.undo))}</Text>
            )}
            <RejectsLink service={service} id={id} count={data.rows.skipped} />
            <Text size="xs" c="dimmed">
              {t('encoding')}: {data.encoding} · {t('sha')}: <Code>{data.sha256.slice(0, 16)}…</Code>
            </Text>
            {mayEdit && canUndo && <Text size="sm">{lists('undoWhy')}</Text>}
            <Group justify="flex-end">
              {mayEdit && ['queued', 'running'].includes(data.state) && (
                <Button color="red" variant="light" onClick={() => change.mutate('cancel')}>
                  {t('cancel')}
                </Button>
              )}
              {mayEdit && canUndo && (
                <Button variant="default" loading={change.isPending} onClick={() => change.mutate('undo')}>
                  {lists('undo')}
                </Button>
              )}
              <Button onClick={onClose}>{t('close')}</Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
