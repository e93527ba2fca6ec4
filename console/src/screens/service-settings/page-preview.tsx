import { Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { styleNonce } from '../../app/style-nonce.ts'
import { Failure } from '../../parts/failure.tsx'
import { useLanguage } from '../../texts/i18n.ts'
import { SettingFormContext } from './setting-form.ts'
import { pageOf, type ServiceView, TEXTS } from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'

const STATES = TEXTS.filter((name) => name !== 'footer')
const SOON_MS = 300

/** The unsubscribe page as it would be with the form's values: rendered by the server, and shown inert. */
export function PagePreview({ service: { id: service, logo } }: { service: ServiceView }) {
  const t = useSettingTexts()
  const values = useContext(SettingFormContext)?.values ?? {}
  const [own] = useLanguage()
  const [language, setLanguage] = useState(own)
  const [state, setState] = useState<(typeof STATES)[number]>('ask')
  const [scheme, setScheme] = useState<'light' | 'dark'>('light')
  const [page] = useDebouncedValue(JSON.stringify(pageOf(values, values)), SOON_MS)
  const { data, error } = useQuery({
    queryKey: ['page-preview', service, language, state, page, logo?.path],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/page/preview', {
          params: { path: { service } },
          body: { language, state, page: JSON.parse(page) },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  return (
    <Stack gap="xs" pos="sticky" top={72}>
      <Text fw={500} size="sm">
        {t('preview')}
      </Text>
      <Group gap="xs">
        <Select
          aria-label={t('previewState')}
          allowDeselect={false}
          data={STATES.map((value) => ({ value, label: t(`state_${value}`) }))}
          value={state}
          onChange={(value) => value && setState(value as typeof state)}
        />
        <SegmentedControl
          aria-label={t('previewLanguage')}
          value={language}
          onChange={(value) => setLanguage(value as typeof language)}
          data={[
            { value: 'ja', label: '日本語' },
            { value: 'en', label: 'English' },
          ]}
        />
        <SegmentedControl
          aria-label={t('previewScheme')}
          value={scheme}
          onChange={(value) => setScheme(value as typeof scheme)}
          data={[
            { value: 'light', label: t('light') },
            { value: 'dark', label: t('dark') },
          ]}
        />
      </Group>
      {error && <Failure error={error} />}
      {data && (
        <iframe
          title={t('preview')}
          sandbox=""
          srcDoc={shownAs(data.html, scheme)}
          style={{ width: '100%', height: 520, border: '1px solid gray' }}
        />
      )}
    </Stack>
  )
}

/**
 * A page embedded in the console is subject to the console's policy, so its style has to carry the nonce; and it is
 * light or dark as the person wants to see it, whatever their own browser prefers.
 */
function shownAs(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replace('<style>', `<style nonce="${styleNonce()}">`)
    .replaceAll('@media(prefers-color-scheme:dark)', scheme === 'dark' ? '@media all' : '@media not all')
}
