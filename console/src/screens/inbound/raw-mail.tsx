import { Code, ScrollArea, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { callAsPerson } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { useInboundTexts } from './texts.ts'

/** Nobody would read more here; the downloaded file is complete. */
const SHOWN_BYTES = 65_536

/** A mail as it arrived, as plain text only: a browser must never run what a stranger wrote into it. */
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
