import { SimpleGrid, type SimpleGridProps, Text } from '@mantine/core'

interface CountsProps {
  counts: readonly (readonly [name: string, count: number])[]
  /** The number of columns where there is room. */
  cols?: Exclude<SimpleGridProps['cols'], undefined>
}

/** How many there are of each, by name. */
export function Counts({ counts, cols = { base: 2, xs: 4 } }: CountsProps) {
  return (
    <SimpleGrid component="dl" cols={cols} m={0}>
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
