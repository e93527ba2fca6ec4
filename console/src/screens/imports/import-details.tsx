import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { ImportCounts } from '../../lists/import-counts.tsx'
import { ImportProgress } from '../../lists/import-progress.tsx'
import { RejectsLink } from '../../lists/rejects-link.tsx'
import { hasEnded } from '../../lists/upload.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useCan } from '../../session/me.ts'
import { useImportTexts } from './texts.ts'

/** One file: what came of its rows, and calling it off, before its end or after. */
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
  const queries = useQueryClient()
  const mayEdit = useCan('edit')
  const path = { service, id }
  const { data, error } = useQuery({
    queryKey: ['import', service, id],
    enabled: id > 0,
    refetchInterval: ({ state }) => (state.data && !hasEnded(state.data) ? 500 : false),
    queryFn: () => bodyOf(api.GET('/api/v1/services/{service}/imports/{id}', { params: { path } })),
  })
  const change = useMutation({
    mutationFn: (verb: 'cancel' | 'undo') =>
      api.POST(`/api/v1/services/{service}/imports/{id}/${verb}`, { params: { path } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['import', service, id] }),
        queries.invalidateQueries({ queryKey: ['imports', service] }),
        queries.invalidateQueries({ queryKey: ['suppressions', service] }),
      ]),
  })
  const canUndo =
    data && !data.dryRun && ['done', 'cancelled', 'failed'].includes(data.state) && data.rows.changed > 0
  return (
    <Dialog opened={id > 0} onClose={onClose} title={data?.fileName ?? t('details')} size="lg">
      <Stack>
        {error && <Failure error={error} />}
        {change.error && <Failure error={change.error} />}
        {data && (
          <>
            <Text size="sm">
              {data.list} · {t(data.action)} · {t(`state_${data.state}`)}
            </Text>
            {hasEnded(data) ? <ImportCounts view={data} /> : <ImportProgress view={data} lost={false} />}
            {data.error && <Text c="red">{data.error}</Text>}
            {data.undo && data.undo.left !== null && (
              <Text size="sm">{t('undoResult', { undone: data.undo.undone, left: data.undo.left })}</Text>
            )}
            <RejectsLink service={service} id={id} count={data.rows.skipped} />
            <Text size="xs" c="dimmed">
              {t('encoding')}: {data.encoding} · {t('sha')}: <Code>{data.sha256.slice(0, 16)}…</Code>
            </Text>
            {mayEdit && canUndo && <Text size="sm">{t('undoWhy')}</Text>}
            <Group justify="flex-end">
              {mayEdit && ['queued', 'running'].includes(data.state) && (
                <Button color="red" variant="light" onClick={() => change.mutate('cancel')}>
                  {t('cancel')}
                </Button>
              )}
              {mayEdit && canUndo && (
                <Button variant="default" loading={change.isPending} onClick={() => change.mutate('undo')}>
                  {t('undo')}
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
