import { Alert, Badge, Button, Code, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { DnsKey } from './dns-key.tsx'
import { useDnsTexts } from './dns-texts.ts'
import { DomainFindings } from './domain-findings.tsx'

interface SenderDnsProps {
  service: number
  sender: { address: string; classId: string }
  onClose(): void
}

/** What a sender's domain has to publish and, on request, what DNS has. To be mounted while it is open. */
export function SenderDns({ service, sender: { address, classId }, onClose }: SenderDnsProps) {
  const t = useDnsTexts()
  const params = { path: { service, classId } }
  const { data, error, refetch } = useQuery({
    queryKey: ['sender-dns', service, classId],
    queryFn: () => bodyOf(api.GET('/api/v1/services/{service}/senders/{classId}/dns', { params })),
  })
  const checking = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/services/{service}/senders/{classId}/dns/check', { params })),
  })
  const found = new Map(checking.data?.keys.map((key) => [key.dnsName, key]))
  return (
    <Dialog opened onClose={onClose} title={`${t('title')}: ${address}`} size="xl">
      <Stack>
        {error && <Failure error={error} reset={() => void refetch()} />}
        {checking.error && <Failure error={checking.error} />}
        {!data && !error && <Skeleton h={160} />}
        {data && (
          <>
            <Text size="sm">{t('about', { domain: data.domain })}</Text>
            {data.keys.length === 0 && (
              <Alert color="yellow" title={t('none')}>
                <Stack gap="xs">
                  {t('noneWhy', { domain: data.domain })}
                  <Code
                    block
                    style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
                  >{`npm run kaijo -- dkim create ${data.domain} --selector k1`}</Code>
                </Stack>
              </Alert>
            )}
            <Paper withBorder p="md">
              <Stack gap="sm">
                <Group justify="space-between">
                  <Text fw={600}>{t('check')}</Text>
                  {checking.data && <Badge variant="light">{t('checked')}</Badge>}
                </Group>
                <Text size="sm" c="dimmed">
                  {t('checkWhy')}
                </Text>
                {checking.data && <DomainFindings findings={checking.data.findings} />}
                <Group>
                  <Button loading={checking.isPending} onClick={() => checking.mutate()}>
                    {t(checking.data ? 'checkAgain' : 'checkNow')}
                  </Button>
                </Group>
              </Stack>
            </Paper>
            {data.keys.map((key) => (
              <DnsKey key={key.dnsName} dkim={key} found={found.get(key.dnsName)} />
            ))}
          </>
        )}
      </Stack>
    </Dialog>
  )
}
