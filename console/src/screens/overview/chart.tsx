import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'

/** A kind of bar, by the name of its figure. */
export interface Series {
  name: string
  label: string
  color: string
}

interface ChartProps {
  data: Record<string, string | number>[]
  series: readonly Series[]
  sideways?: boolean
}

/** A picture alone: the table beside it says the same to who cannot see it. */
export default function Chart({ data, series, sideways = false }: ChartProps) {
  return (
    <div aria-hidden="true">
      <BarChart
        h={sideways ? 60 + 40 * data.length : 260}
        data={data}
        dataKey="name"
        type="stacked"
        orientation={sideways ? 'vertical' : 'horizontal'}
        withLegend
        yAxisProps={sideways ? { width: 180 } : { width: 60 }}
        barChartProps={{ accessibilityLayer: false }}
        series={[...series]}
      />
    </div>
  )
}
