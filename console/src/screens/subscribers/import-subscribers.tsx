import { Alert, Button, Group, Radio, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { callAsPerson } from '../../api/client.ts'
import { FileDrop } from '../../lists/file-drop.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useLanguage } from '../../texts/i18n.ts'
import { type Imported, ImportResult } from './import-result.tsx'
import { useSubscriberTexts } from './texts.ts'

interface ImportSubscribersProps {
  service: number
  opened: boolean
  onClose(): void
}

/** CSVインポート of seed 000, which lifts no suppression and says so. */
export function ImportSubscribers({ service, opened, onClose }: ImportSubscribersProps) {
  const t = useSubscriberTexts()
  const [language] = useLanguage()
  const queries = useQueryClient()
  const [membership, setMembership] = useState('joined')
  const [file, setFile] = useState<File>()
  const handing = useMutation({
    mutationFn: async (): Promise<Imported> => {
      const url = `/api/v1/services/${service}/subscribers/import?${new URLSearchParams({ membership, language })}`
      const headers = { 'content-type': 'text/csv' }
      const answer = await callAsPerson(
        () => new Request(url, { method: 'POST', headers, body: file ?? null }),
      )
      return answer.json()
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['subscribers', service] }),
  })
  const choose = (given: File | undefined) => {
    setFile(given)
    handing.reset()
  }
  const close = () => {
    choose(undefined)
    onClose()
  }
  const go = (event: FormEvent) => {
    event.preventDefault()
    handing.mutate()
  }
  return (
    <Dialog opened={opened} onClose={close} title={t('import')} size="lg">
      {handing.data ? (
        <ImportResult imported={handing.data} onClose={close} />
      ) : (
        <form onSubmit={go}>
          <Stack>
            {handing.error && <Failure error={handing.error} />}
            <Alert color="yellow">{t('importWhy')}</Alert>
            <Radio.Group label={t('importAs')} value={membership} onChange={setMembership}>
              <Group mt={4}>
                <Radio value="joined" label={t('joined')} />
                <Radio value="left" label={t('left')} />
              </Group>
            </Radio.Group>
            <FileDrop format="csv" rules={t('importRules')} file={file} onFile={choose} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('cancel')}
              </Button>
              <Button type="submit" disabled={!file} loading={handing.isPending}>
                {t('importGo')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
