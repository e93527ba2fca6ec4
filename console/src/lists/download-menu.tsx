import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useDownload } from '../parts/use-download.ts'
import { useListTexts } from './texts.ts'

interface DownloadMenuProps {
  service: number
  /** The file's name in the native interface. */
  file: string
  query?: Record<string, string | undefined>
  /** Needed where the screen offers more than one file. */
  label?: string
}

/** Downloads a list as a file of any size: the server writes it while it is being read. */
export function DownloadMenu({ service, file, query = {}, label }: DownloadMenuProps) {
  const t = useListTexts()
  const href = (form: Record<string, string>) => {
    const wanted = Object.entries({ ...query, ...form }).filter(([, value]) => value !== undefined)
    return `/api/v1/services/${service}/exports/${file}?${new URLSearchParams(wanted as [string, string][])}`
  }
  const csv = useDownload(href({ format: 'csv', bom: 'true', formulas: 'neutral' }))
  const zip = useDownload(href({ format: 'csv', compress: 'zip' }))
  const ndjson = useDownload(href({ format: 'ndjson' }))
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {label ?? t('download')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" {...csv}>
          {t('downloadCsv')}
        </Menu.Item>
        <Menu.Item component="a" {...zip}>
          {t('downloadZip')}
        </Menu.Item>
        <Menu.Item component="a" {...ndjson}>
          {t('downloadNdjson')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
