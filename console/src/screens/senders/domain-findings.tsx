import { Badge, Group, Text } from '@mantine/core'
import { useDnsTexts } from './dns-texts.ts'

interface Finding {
  name: string
  status: 'ok' | 'warning' | 'failed'
  detail: string
  advice: string | null
}

const COLORS = { ok: 'teal', warning: 'yellow', failed: 'red' } as const

/** SPF, DMARC and where base_url leads, as `kaijo doctor` finds them and words what to do. */
export function DomainFindings({ findings }: { findings: readonly Finding[] }) {
  const t = useDnsTexts()
  return (
    <dl style={{ margin: 0 }}>
      {findings.map(({ name, status, detail, advice }) => (
        <div key={name}>
          <Group component="dt" gap="xs" mt="xs">
            <Badge variant="light" color={COLORS[status]}>
              {t(status)}
            </Badge>
            <Text size="sm" fw={600}>
              {name}
            </Text>
          </Group>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
            {detail}
            {advice && <br />}
            {advice}
          </Text>
        </div>
      ))}
    </dl>
  )
}
