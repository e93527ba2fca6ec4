import { Code, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { paths } from '../api/schema.d.ts'
import { Moment } from '../parts/moment.tsx'
import { useAgreementTexts } from './texts.ts'

export type Agreement =
  paths['/api/v1/services/{service}/timeline']['post']['responses']['200']['content']['application/json']['agreements'][number]

/**
 * What somebody agreed to, word for word, with the form's version, the time and the origin: in a form that can be shown
 * as proof.
 */
export function AgreementDetails({ agreement }: { agreement: Agreement }) {
  const t = useAgreementTexts()
  const { form, language, text, textSha256, agreedAt, origin, confirmed } = agreement
  return (
    <Table withRowBorders={false} verticalSpacing={2} fz="xs" variant="vertical" layout="fixed">
      <Table.Tbody>
        <Row name={t('text')}>
          {text === null ? (
            t('noText')
          ) : (
            <Text component="q" inherit lang={language} dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
              {text}
            </Text>
          )}
        </Row>
        <Row name={t('form')}>
          {form.name ?? t('formGone')} ({t('revision', { revision: form.revision })})
        </Row>
        <Row name={t('language')}>{t(language)}</Row>
        <Row name={t('agreedAt')}>
          <Moment at={agreedAt} />
        </Row>
        <From origin={origin} />
        {confirmed && (
          <Row name={t('confirmedAt')}>
            <Moment at={confirmed.at} />
          </Row>
        )}
        {confirmed && <From origin={confirmed.origin} />}
        {textSha256 && (
          <Row name={t('sha256')}>
            <Code style={{ overflowWrap: 'anywhere' }}>{textSha256}</Code>
          </Row>
        )}
      </Table.Tbody>
    </Table>
  )
}

function From({ origin }: Pick<Agreement, 'origin'>) {
  const t = useAgreementTexts()
  if (!origin) return <Row name={t('from')}>{t('erased')}</Row>
  return (
    <Row name={t('from')}>
      {origin.clientAddress}
      {origin.userAgent && ` · ${origin.userAgent}`}
    </Row>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120}>{name}</Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  )
}
