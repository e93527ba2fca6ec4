import { Alert, Button, Group, List, Radio, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { CarriedOut } from './carried-out.tsx'
import { FileDrop } from './file-drop.tsx'
import { ImportCounts } from './import-counts.tsx'
import { ImportProgress } from './import-progress.tsx'
import { useListNames } from './list-names.ts'
import { RejectsLink } from './rejects-link.tsx'
import { useListTexts } from './texts.ts'
import { hasEnded, upload } from './upload.ts'
import { useProgress } from './use-progress.ts'
import { MOST_SHOWN } from './use-senders.ts'

interface EditByFileProps {
  service: number
  opened: boolean
  onClose(): void
  title: string
  format: 'csv' | 'text'
  /** The possible actions: stopping and resuming for a sender, adding and removing for a list of the service. */
  actions: readonly { value: 'add' | 'remove'; label: string }[]
  /** The list, or the senders whose lists can be chosen. */
  list?: string
  senders?: readonly string[]
  sender?: string | undefined
  /** Needed where the screen calls it by a name of its own. */
  senderLabel?: string
}

type Step = 'choose' | 'preview' | 'run'

/**
 * 「CSVで編集」 of seed 001, and 再配信設定 of seed 000: a file is examined first, which changes nothing, and carried out once
 * the operator has seen what would change. Closing the window stops nothing: the server goes on, and the history shows
 * the result.
 */
export function EditByFile(props: EditByFileProps) {
  const { service, opened, onClose, title, format, actions, senders } = props
  const t = useListTexts()
  const names = useListNames()
  const first = { action: actions[0]?.value ?? 'add', sender: props.sender ?? senders?.[0] }
  const [action, setAction] = useState<'add' | 'remove'>(first.action)
  const [sender, setSender] = useState(first.sender)
  const [file, setFile] = useState<File>()
  const [step, setStep] = useState<Step>('choose')
  const [id, setId] = useState<number>()
  const { view, lost, refused } = useProgress(service, id)
  const list = props.list ?? (sender === undefined ? undefined : `sender:${sender}`)
  const handing = useMutation({
    mutationFn: (dryRun: boolean) => {
      if (!file || list === undefined) throw new Error('nothing was chosen')
      return upload({ service, list, action, dryRun, format, file })
    },
    onSuccess: (started, dryRun) => {
      setId(started)
      setStep(dryRun ? 'preview' : 'run')
    },
  })
  const failure = handing.error ?? refused
  const ended = view !== undefined && hasEnded(view)

  const restart = () => {
    handing.reset()
    setId(undefined)
    setStep('choose')
  }
  // The findings about the previous file do not apply to this one.
  const choose = (given: File | undefined) => {
    restart()
    setFile(given)
  }
  // The next time it starts with what the screen shows, not with what was chosen for another file.
  const close = () => {
    restart()
    setFile(undefined)
    setAction(first.action)
    setSender(first.sender)
    onClose()
  }
  const look = (event: FormEvent) => {
    event.preventDefault()
    handing.mutate(true)
  }

  return (
    <Dialog opened={opened} onClose={close} title={title} size="lg">
      <Stack>
        {failure && <Failure error={failure} />}
        {step === 'choose' && (
          <form onSubmit={look}>
            <Stack>
              {actions.length > 1 && (
                <Radio.Group
                  label={t('action')}
                  value={action}
                  onChange={(value) => setAction(value as 'add' | 'remove')}
                >
                  <Group mt="xs">
                    {actions.map(({ value, label }) => (
                      <Radio key={value} value={value} label={label} />
                    ))}
                  </Group>
                </Radio.Group>
              )}
              {senders && (
                <Select
                  label={props.senderLabel ?? t('sender')}
                  required
                  searchable
                  limit={MOST_SHOWN}
                  allowDeselect={false}
                  data={senders}
                  value={sender ?? null}
                  onChange={(value) => setSender(value ?? undefined)}
                />
              )}
              <FileDrop format={format} file={file} onFile={choose} />
              <Group justify="flex-end">
                <Button variant="default" onClick={close}>
                  {t('cancel')}
                </Button>
                <Button type="submit" disabled={!file || list === undefined} loading={handing.isPending}>
                  {t('preview')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {step === 'preview' && (
          <>
            <Text size="sm">
              {file?.name} → {list && names(list)} · {actions.find(({ value }) => value === action)?.label}
            </Text>
            {!ended && <ImportProgress view={view} lost={lost} />}
            {ended && (
              <>
                {view.error ? <Alert color="red">{t('failedWhy')}</Alert> : <ImportCounts view={view} />}
                {view.sample.length > 0 && (
                  <div>
                    <Text size="sm" fw={600}>
                      {t('sample')}
                    </Text>
                    <List size="sm">
                      {view.sample.slice(0, 8).map(({ address }) => (
                        <List.Item key={address}>{address}</List.Item>
                      ))}
                    </List>
                  </div>
                )}
                {!view.error && view.rows.changed === 0 && <Alert color="gray">{t('nothingToChange')}</Alert>}
                <RejectsLink service={service} id={view.id} count={view.rows.skipped} />
              </>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={restart}>
                {t('back')}
              </Button>
              <Button
                disabled={!ended || view.rows.changed === 0}
                loading={handing.isPending}
                onClick={() => handing.mutate(false)}
              >
                {t('run')}
              </Button>
            </Group>
          </>
        )}
        {step === 'run' && (
          <>
            {!ended && <ImportProgress view={view} lost={lost} />}
            {ended && <CarriedOut service={service} ended={view} />}
            <Group justify="flex-end">
              <Button
                variant="default"
                component={Link}
                to="/services/$service/imports"
                params={{ service: String(service) } as never}
              >
                {t('toHistory')}
              </Button>
              <Button onClick={close}>{t('close')}</Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
