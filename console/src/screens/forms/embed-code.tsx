import { SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Copyable } from '../../parts/copyable.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { LANGUAGES, type RegistrationForm } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface EmbedCodeProps {
  service: number
  form: RegistrationForm
  onClose(): void
}

/** HTML that puts the form on one of the customer's pages. To be mounted while it is open. */
export function EmbedCode({ service, form, onClose }: EmbedCodeProps) {
  const t = useFormTexts()
  const offered = LANGUAGES.filter((one) => form.texts[one])
  const [language, choose] = useState(offered[0] ?? 'ja')
  const { data, error } = useQuery({
    queryKey: ['embed', service, form.id, form.revision, language],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/forms/{id}/embed', {
          params: { path: { service, id: form.id }, query: { language } },
        }),
      ),
  })
  return (
    <Dialog opened onClose={onClose} title={`${t('embed')}: ${form.name}`} size="xl">
      <Stack>
        {error && <Failure error={error} />}
        <div>
          <Text fw={600}>{t('link')}</Text>
          <Copyable value={form.url} name={t('link')} />
        </div>
        {offered.length > 1 && (
          <SegmentedControl
            aria-label={t('embedLanguage')}
            value={language}
            onChange={(value) => choose(value as typeof language)}
            data={offered.map((value) => ({ value, label: t(value) }))}
          />
        )}
        {!data && !error && <Skeleton h={160} />}
        {data && (
          <>
            <div>
              <Text fw={600}>{t('embedForm')}</Text>
              <Text size="sm" c="dimmed">
                {t('embedFormWhy')}
              </Text>
              <Copyable value={data.form} name={t('embedForm')} />
            </div>
            <div>
              <Text fw={600}>{t('embedFrame')}</Text>
              <Text size="sm" c="dimmed">
                {t(form.embedOrigins.length > 0 ? 'embedFrameWhy' : 'embedFrameNowhere')}
              </Text>
              <Copyable value={data.frame} name={t('embedFrame')} />
            </div>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
