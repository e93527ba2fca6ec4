import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { createLazyRoute } from '@tanstack/react-router'
import { NotFound } from '../../app/not-found.tsx'
import { DownloadMenu } from '../../lists/download-menu.tsx'
import { EditByFile } from '../../lists/edit-by-file.tsx'
import { SuppressionTable } from '../../lists/suppression-table.tsx'
import { useListTexts } from '../../lists/texts.ts'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { useServiceListTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/lists/$list')({ component: ServiceList })

const LISTS = ['hard-bounces', 'complaints', 'blocklist'] as const

/** ハードバウンスリスト of seed 001, and the other lists that cover the whole service. */
function ServiceList() {
  const t = useServiceListTexts()
  const lists = useListTexts()
  const params = Route.useParams()
  const service = Number(params.service)
  const list = LISTS.find((name) => name === params.list)
  const [opened, { open, close }] = useDisclosure()
  const mayEdit = useCan('edit')
  const mayDownload = useCan('download')
  if (!list) return <NotFound />
  return (
    <Screen
      title={t(list)}
      about={t(`${list}About`)}
      actions={
        <>
          {mayDownload && <DownloadMenu service={service} file={list} />}
          {mayEdit && <Button onClick={open}>{lists('editByCsv')}</Button>}
        </>
      }
    >
      <SuppressionTable key={list} service={service} list={list} mayResume={mayEdit} />
      <EditByFile
        key={`file ${list}`}
        service={service}
        opened={opened}
        onClose={close}
        title={`${t(list)} – ${lists('editByCsv')}`}
        format="csv"
        actions={[
          { value: 'add', label: lists('add') },
          { value: 'remove', label: lists('remove') },
        ]}
        list={list}
      />
    </Screen>
  )
}
