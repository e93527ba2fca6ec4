import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { callAsPerson } from '../api/client.ts'
import { useFailureNotice } from '../parts/use-failure-notice.ts'
import type { MessageFilter } from './message-filter.ts'
import { useMessageTexts } from './texts.ts'

/** A relay's answer can be any text: no spreadsheet may take it for a formula. */
const FORM = 'format=csv&bom=true&formulas=neutral'

/** Downloads the results of a search as a CSV file. The search goes in the body, since it may be an address. */
export function DownloadMessages({ service, filter }: { service: number; filter: MessageFilter }) {
  const t = useMessageTexts()
  const download = useMutation({
    mutationFn: async () => {
      const response = await callAsPerson(
        () =>
          new Request(`/api/v1/services/${service}/exports/messages?${FORM}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(filter),
          }),
      )
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
      save(await response.blob(), name ?? 'messages.csv')
    },
    onError: useFailureNotice(),
  })
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {t('download')}
    </Button>
  )
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
