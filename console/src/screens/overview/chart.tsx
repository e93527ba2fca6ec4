import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { ColorSwatch, Group, Text, useMantineTheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'

/** A kind of bar, by the name of its figure. */
export interface Series {
  name: string
  label: string
  /** A colour of the theme and its shade, as `teal.6`. */
  color: string
}

interface ChartProps {
  data: Record<string, string | number>[]
  series: readonly Series[]
  sideways?: boolean
}

/** Nobody mails three quarters of a message. */
const COUNTS = { allowDecimals: false }

/** Of few days, in pixels: one day is no wall. */
const WIDEST_BAR = 48

/** As many characters as fit the axis of names, and its width in pixels. */
const NAMES = { wide: { most: 28, width: 180 }, narrow: { most: 14, width: 112 } }

/** A picture alone: the table beside it says the same to who cannot see it. */
export default function Chart({ data, series, sideways = false }: ChartProps) {
  const names = NAMES[useMediaQuery('(max-width: 48em)') ? 'narrow' : 'wide']
  const shortened = (name: string) => (name.length > names.most ? `${name.slice(0, names.most - 1)}…` : name)
  return (
    <div aria-hidden="true">
      <Legend series={series} />
      <BarChart
        h={sideways ? 60 + 40 * data.length : 260}
        data={data}
        dataKey="name"
        type="stacked"
        maxBarWidth={WIDEST_BAR}
        orientation={sideways ? 'vertical' : 'horizontal'}
        xAxisProps={sideways ? COUNTS : {}}
        yAxisProps={sideways ? { width: names.width, tickFormatter: shortened } : { ...COUNTS, width: 60 }}
        barChartProps={{ accessibilityLayer: false }}
        // One day of many is no wall.
        barProps={{ maxBarSize: 48 }}
        series={[...series]}
      />
    </div>
  )
}

/** Outside the plot, whose height it would take as its names break into lines. */
function Legend({ series }: { series: readonly Series[] }) {
  const { colors } = useMantineTheme()
  return (
    <Group gap="xs" justify="flex-end" mb="xs">
      {series.map(({ name, label, color }) => {
        const [hue = '', shade] = color.split('.')
        return (
          <Group key={name} gap={6} wrap="nowrap">
            <ColorSwatch size={12} color={colors[hue]?.[Number(shade)] ?? color} withShadow={false} />
            <Text size="sm">{label}</Text>
          </Group>
        )
      })}
    </Group>
  )
}
