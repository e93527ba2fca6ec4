import { SimpleGrid, Text } from '@mantine/core'

/** How many there are of each, by name. */
export function Counts({ counts }: { counts: readonly (readonly [name: string, count: number])[] }) {
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
