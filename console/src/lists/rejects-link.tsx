import { Anchor } from '@mantine/core'
import { useDownload } from '../parts/use-download.ts'
import { useCan } from '../session/me.ts'
import { useLanguage } from '../texts/i18n.ts'
import { useListTexts } from './texts.ts'

/** The skipped rows of an import as a file; nothing where there are none, or for people who may not download. */
export function RejectsLink({ service, id, count }: { service: number; id: number; count: number }) {
  const t = useListTexts()
  const [language] = useLanguage()
  const form = new URLSearchParams({ language, bom: 'true', formulas: 'neutral' })
  const download = useDownload(
    `/api/v1/services/${service}/imports/${id}/rejects?${form}`,
    `rejects-${id}.csv`,
  )
  if (!useCan('download') || count === 0) return null
  return (
    <Anchor size="sm" {...download}>
      {t('rejects')} ({count.toLocaleString()})
    </Anchor>
  )
}
