import { Anchor, Button, Code, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useDownload } from '../../parts/use-download.ts'
import { useCan } from '../../session/me.ts'
import { inboundCalls, type Whose } from './inbound-calls.ts'
import { detailOf, type InboundMail, isOpen } from './inbound-mail.ts'
import { RawMail } from './raw-mail.tsx'
import { useInboundTexts } from './texts.ts'
import { useConclusion } from './use-conclusion.ts'

interface InboundDetailsProps {
  whose: Whose
  /** Undefined while it is closed. */
  id: number | undefined
  onClose(): void
}

/** One incoming mail: what was concluded, what it says, and what can be done about it. */
export function InboundDetails({ whose, id, onClose }: InboundDetailsProps) {
  const t = useInboundTexts()
  const mayRead = useCan('download')
  const { data, error } = useQuery({
    queryKey: ['inbound', whose, 'one', id],
    enabled: id !== undefined,
    queryFn: () => inboundCalls(whose).findOne(id ?? 0),
  })
  return (
    <Dialog opened={id !== undefined} onClose={onClose} title={t('one', { id: id ?? '' })} size="xl">
      <Stack>
        {error && <Failure error={error} />}
        {data && (
          <>
            <Facts mail={data} />
            {mayRead ? (
              <>
                <RawMail url={inboundCalls(whose).rawUrl(data.id)} />
                <DownloadMail url={inboundCalls(whose).rawUrl(data.id)} />
              </>
            ) : (
              <Text size="sm">{t('mayNotRead')}</Text>
            )}
            <Changes whose={whose} mail={data} />
          </>
        )}
      </Stack>
    </Dialog>
  )
}

function DownloadMail({ url }: { url: string }) {
  const t = useInboundTexts()
  return (
    <Anchor size="sm" {...useDownload(url)}>
      {t('download')}
    </Anchor>
  )
}

function Facts({ mail }: { mail: InboundMail }) {
  const t = useInboundTexts()
  const conclusion = useConclusion()
  const diagnostic = detailOf(mail, 'diagnostic')
  return (
    <Stack gap={4}>
      <Text fw={600}>
        {t(`${mail.kind}Mail`)} · {t(`outcome_${mail.outcome}`)}
      </Text>
      <Text size="sm">{conclusion(mail)}</Text>
      {diagnostic && <Code>{diagnostic}</Code>}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('envelope')}: {mail.sender === '' ? '<>' : (mail.sender ?? '–')} → {mail.recipient ?? '–'}
      </Text>
      <Text size="sm" c="dimmed">
        <Moment at={mail.receivedAt} /> · {t('size', { size: mail.size.toLocaleString() })}
        {mail.clientAddress && ` · ${mail.clientAddress}`}
      </Text>
      {mail.resolvedAt && (
        <Text size="sm">
          {t('resolved')}: <Moment at={mail.resolvedAt} /> {mail.resolvedBy?.replace(/^(person|api):/, '')}
        </Text>
      )}
    </Stack>
  )
}

function Changes({ whose, mail }: { whose: Whose; mail: InboundMail }) {
  const t = useInboundTexts()
  const queries = useQueryClient()
  const mayEdit = useCan('edit')
  const calls = inboundCalls(whose)
  const renew = () => queries.invalidateQueries({ queryKey: ['inbound', whose] })
  const resolution = useMutation({
    mutationFn: () => calls.resolve(mail.id),
    onSuccess: renew,
  })
  const retry = useMutation({
    mutationFn: () => calls.retry(mail.id),
    onSuccess: ({ outcome }) => {
      const isUnderstood = outcome !== 'not-understood'
      notifications.show({
        color: isUnderstood ? 'teal' : 'yellow',
        message: t(isUnderstood ? 'understood' : 'stillNot'),
      })
      return renew()
    },
  })
  const error = resolution.error ?? retry.error
  if (!mayEdit || !isOpen(mail)) return null
  return (
    <>
      {error && <Failure error={error} />}
      <Text size="sm">{t('whatToDo')}</Text>
      <Group justify="flex-end">
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('retry')}
        </Button>
        <Button loading={resolution.isPending} onClick={() => resolution.mutate()}>
          {t('resolve')}
        </Button>
      </Group>
    </>
  )
}
