import { Code, ScrollArea, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { callAsPerson } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { useInboundTexts } from './texts.ts'

/** More of it would not be read here; the file has all of it. */
const SHOWN_BYTES = 65_536

/** A mail as it came, as nothing but text: whatever a stranger wrote into it, a browser is never made to carry it out. */
export function RawMail({ url }: { url: string }) {
  const t = useInboundTexts()
  const { data, error } = useQuery({
    queryKey: ['inbound-raw', url],
    queryFn: async () => {
      const response = await callAsPerson(() => new Request(url))
      const bytes = await response.arrayBuffer()
      return {
        text: new TextDecoder().decode(bytes.slice(0, SHOWN_BYTES)),
        isWhole: bytes.byteLength <= SHOWN_BYTES,
      }
    },
  })
  if (error) return <Failure error={error} />
  if (!data) return <Skeleton h={160} />
  return (
    <>
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('raw') }}>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {data.text}
        </Code>
      </ScrollArea.Autosize>
      {!data.isWhole && (
        <Text size="xs" c="dimmed">
          {t('cut')}
        </Text>
      )}
    </>
  )
}
