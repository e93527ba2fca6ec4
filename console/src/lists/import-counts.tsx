import { SimpleGrid, Text } from '@mantine/core'
import { useListTexts } from './texts.ts'
import type { ImportView } from './upload.ts'

/** What became, or would become, of the rows of a file. */
export function ImportCounts({ view: { rows, dryRun } }: { view: ImportView }) {
  const t = useListTexts()
  const counts = [
    [t(dryRun ? 'wouldChange' : 'changed'), rows.changed],
    [t('unchanged'), rows.unchanged],
    [t('repeated'), rows.repeated],
    [t('skipped'), rows.skipped],
  ] as const
  return (
    <SimpleGrid component="dl" cols={{ base: 2, xs: 4 }} m={0}>
      {counts.map(([name, count]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="xl" fw={600}>
            {count.toLocaleString()}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
