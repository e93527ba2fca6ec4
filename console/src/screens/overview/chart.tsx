import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { ColorSwatch, Group, Text, useMantineTheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'

/** A kind of bar, named after its figure. */
export interface Series {
  name: string
  label: string
  /** A colour of the theme with its shade, such as `teal.6`. */
  color: string
}

interface ChartProps {
  data: Record<string, string | number>[]
  series: readonly Series[]
  sideways?: boolean
}

/** Messages are counted in whole numbers. */
const COUNTS = { allowDecimals: false }

/** In pixels: with few days the bars would otherwise fill the plot. */
const WIDEST_BAR = 48

/** The characters that fit the axis of names, and its width in pixels. */
const NAMES = { wide: { most: 28, width: 180 }, narrow: { most: 14, width: 112 } }

/** Hidden from screen readers: the table beside it says the same. */
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
        // A single day must not fill the plot.
        barProps={{ maxBarSize: WIDEST_BAR }}
        series={[...series]}
      />
    </div>
  )
}

/** Kept outside the plot, since it would take height from it whenever its names break into lines. */
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
