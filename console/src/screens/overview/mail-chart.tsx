import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useOverviewTexts } from './texts.ts'

interface MailChartProps {
  data: Record<string, string | number>[]
  /** What the bars are named by. */
  dataKey: string
  sideways?: boolean
}

/** A picture alone: the table beside it says the same to who cannot see it. */
export default function MailChart({ data, dataKey, sideways = false }: MailChartProps) {
  const t = useOverviewTexts()
  return (
    <div aria-hidden="true">
      <BarChart
        h={sideways ? 60 + 40 * data.length : 260}
        data={data}
        dataKey={dataKey}
        type="stacked"
        orientation={sideways ? 'vertical' : 'horizontal'}
        withLegend
        yAxisProps={sideways ? { width: 180 } : { width: 60 }}
        barChartProps={{ accessibilityLayer: false }}
        series={[
          { name: 'sent', label: t('sent'), color: 'teal.6' },
          { name: 'excluded', label: t('excluded'), color: 'yellow.6' },
          { name: 'failed', label: t('failed'), color: 'red.6' },
        ]}
      />
    </div>
  )
}
