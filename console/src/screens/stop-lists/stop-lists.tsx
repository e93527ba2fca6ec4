import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { createLazyRoute } from '@tanstack/react-router'
import { DownloadMenu } from '../../lists/download-menu.tsx'
import { EditByFile } from '../../lists/edit-by-file.tsx'
import { SenderPicker } from '../../lists/sender-picker.tsx'
import { SuppressionTable } from '../../lists/suppression-table.tsx'
import { useListTexts } from '../../lists/texts.ts'
import { useSenderQuery } from '../../lists/use-senders.ts'
import { AwaitedSenders, NoSender } from '../../lists/without-senders.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { useStopListTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/stop-lists')({ component: StopLists })

/** 購読停止リスト of seed 001. */
function StopLists() {
  const t = useStopListTexts()
  const lists = useListTexts()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const query = useSenderQuery(service)
  const [opened, { open, close }] = useDisclosure()
  const mayEdit = useCan('edit')
  const mayResume = useCan('error-count-reset')
  const mayDownload = useCan('download')
  if (!query.data) return <AwaitedSenders title={t('title')} about={t('about')} query={query} />
  const addresses = query.data.map(({ address }) => address)
  const sender = search.sender ?? addresses[0]
  const actions = [
    { value: 'add' as const, label: lists('stop') },
    ...(mayResume ? [{ value: 'remove' as const, label: lists('restart') }] : []),
  ]
  return (
    <Screen
      title={t('title')}
      about={t('about')}
      actions={
        <>
          {mayDownload && <DownloadMenu service={service} file="unsubscribes" query={{ sender }} />}
          {mayEdit && sender && <Button onClick={open}>{lists('editByCsv')}</Button>}
        </>
      }
    >
      {sender === undefined ? (
        <NoSender service={service} title={t('noSender')}>
          {t('noSenderWhy')}
        </NoSender>
      ) : (
        <>
          <SenderPicker senders={addresses} sender={sender} />
          <SuppressionTable service={service} list={`sender:${sender}`} mayResume={mayEdit && mayResume} />
          <EditByFile
            key={sender}
            service={service}
            opened={opened}
            onClose={close}
            title={`${t('title')} – ${lists('editByCsv')}`}
            format="csv"
            actions={actions}
            senders={addresses}
            sender={sender}
          />
        </>
      )}
    </Screen>
  )
}
