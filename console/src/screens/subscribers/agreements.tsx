import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { AgreementDetails } from '../../agreements/agreement-details.tsx'
import { useAgreementTexts } from '../../agreements/texts.ts'
import { api, bodyOf } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'

/** What a subscriber agreed to in registration forms, newest first. */
export function Agreements({ service, address }: { service: number; address: string }) {
  const t = useAgreementTexts()
  const { data, error } = useQuery({
    queryKey: ['subscribers', service, address, 'agreements'],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/subscribers/read', {
          params: { path: { service } },
          body: { address },
        }),
      ),
  })
  return (
    <Stack gap="xs" component="section" aria-label={t('title')}>
      <Text size="sm" fw={500}>
        {t('title')}
      </Text>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton h={20} />}
      {data?.agreements.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('none')}
        </Text>
      )}
      {data?.agreements.map((agreement) => (
        <details key={`${agreement.agreedAt} ${agreement.form.id}`}>
          <Text component="summary" size="sm">
            <Moment at={agreement.agreedAt} /> · {agreement.form.name ?? t('formGone')}
          </Text>
          <AgreementDetails agreement={agreement} />
        </details>
      ))}
    </Stack>
  )
}
