import { Counts } from '../parts/counts.tsx'
import { useListTexts } from './texts.ts'
import type { ImportView } from './upload.ts'

/** What became, or would become, of the rows of a file. */
export function ImportCounts({ view: { rows, dryRun } }: { view: ImportView }) {
  const t = useListTexts()
  const counts = [
    [t(dryRun ? 'wouldChange' : 'changed'), rows.changed],
    [t(dryRun ? 'wouldStay' : 'unchanged'), rows.unchanged],
    ...(rows.lapsed > 0 ? [[t('lapsed'), rows.lapsed] as const] : []),
    [t('repeated'), rows.repeated],
    [t('skipped'), rows.skipped],
  ] as const
  return <Counts counts={counts} />
}
