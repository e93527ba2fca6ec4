import { Badge, Group, Text } from '@mantine/core'
import { useLanguage } from '../../texts/i18n.ts'
import { useDnsTexts } from './dns-texts.ts'
import { type Finding, inWords } from './finding-texts.ts'

const COLORS = { ok: 'teal', warning: 'yellow', failed: 'red' } as const

/** SPF, DMARC and where base_url leads, as `kaijo doctor` finds them, with what to do about it. */
export function DomainFindings({ findings }: { findings: readonly Finding[] }) {
  const t = useDnsTexts()
  const [language] = useLanguage()
  return (
    <dl style={{ margin: 0 }}>
      {findings.map((finding) => {
        const [about, seen, advice] = inWords(finding, language)
        return (
          <div key={finding.name}>
            <Group component="dt" gap="xs" mt="xs">
              <Badge variant="light" color={COLORS[finding.status]}>
                {t(finding.status)}
              </Badge>
              <Text size="sm" fw={600}>
                {about}
              </Text>
            </Group>
            <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
              {seen}
              {advice && <br />}
              {advice}
            </Text>
          </div>
        )
      })}
    </dl>
  )
}
