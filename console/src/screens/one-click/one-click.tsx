import { Button, Card, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { createLazyRoute } from '@tanstack/react-router'
import { EditByFile } from '../../lists/edit-by-file.tsx'
import { SenderPicker } from '../../lists/sender-picker.tsx'
import { SuppressionTable } from '../../lists/suppression-table.tsx'
import { useListTexts } from '../../lists/texts.ts'
import { useSenderQuery } from '../../lists/use-senders.ts'
import { AwaitedSenders, NoSender } from '../../lists/without-senders.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { ExportPeriod } from './export-period.tsx'
import { useOneClickTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/one-click')({ component: ReservedOneClick })

function ReservedOneClick() {
  const t = useOneClickTexts()
  return (
    <Reserved needs="error-count-reset" title={t('title')} about={t('about')}>
      <OneClick />
    </Reserved>
  )
}

/** ワンクリック登録解除リスト管理 of seed 000. */
function OneClick() {
  const t = useOneClickTexts()
  const lists = useListTexts()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const mayEdit = useCan('edit')
  const mayDownload = useCan('download')
  const query = useSenderQuery(service)
  const [opened, { open, close }] = useDisclosure()
  if (!query.data) return <AwaitedSenders title={t('title')} about={t('about')} query={query} />
  const addresses = query.data.filter(({ oneClick }) => oneClick).map(({ address }) => address)
  const sender = search.sender ?? addresses[0]
  return (
    <Screen title={t('title')} about={t('about')}>
      {sender === undefined && (
        <NoSender service={service} title={t('noSender')}>
          {t('noSenderWhy')}
        </NoSender>
      )}
      {sender !== undefined && (
        <>
          <SenderPicker senders={addresses} sender={sender} label={t('headerFrom')} />
          {mayDownload && <ExportPeriod service={service} sender={sender} />}
          {mayEdit && (
            <Card withBorder component="section">
              <Title order={2} size="h4">
                {t('resume')}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {t('resumeWhy')}
              </Text>
              <Button style={{ alignSelf: 'flex-start' }} variant="default" onClick={open}>
                {t('set')}
              </Button>
            </Card>
          )}
          <section>
            <Title order={2} size="h4" mb="sm">
              {t('search')}
            </Title>
            <SuppressionTable service={service} list={`sender:${sender}`} mayResume={mayEdit} />
          </section>
          <EditByFile
            key={sender}
            service={service}
            opened={opened}
            onClose={close}
            title={t('resume')}
            format="text"
            actions={[{ value: 'remove', label: lists('resume') }]}
            senders={addresses}
            sender={sender}
            senderLabel={t('headerFrom')}
          />
        </>
      )}
    </Screen>
  )
}
