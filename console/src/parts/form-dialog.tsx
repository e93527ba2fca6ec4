import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { createTexts } from '../texts/i18n.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'

const useTexts = createTexts('form-dialog', { ja: { cancel: 'キャンセル' }, en: { cancel: 'Cancel' } })

interface FormDialogProps {
  title: string
  size?: 'lg'
  opened: boolean
  onClose(): void
  /** The label of the button that carries it out. */
  submit: string
  carryOut: { mutate(): void; error: Error | null; isPending: boolean }
  /** It cannot be carried out yet. */
  isIncomplete?: boolean
  children: ReactNode
}

/** A dialog with fields: carries something out with their values, or says why it cannot; it can always be left. */
export function FormDialog({
  title,
  size,
  opened,
  onClose,
  submit,
  carryOut,
  isIncomplete,
  children,
}: FormDialogProps) {
  const t = useTexts()
  const go = (event: FormEvent) => {
    event.preventDefault()
    carryOut.mutate()
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={title} {...(size && { size })}>
      <form onSubmit={go}>
        <Stack>
          {carryOut.error && <Failure error={carryOut.error} />}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={carryOut.isPending} disabled={isIncomplete ?? false}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
