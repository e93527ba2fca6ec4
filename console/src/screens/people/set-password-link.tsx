import { Button, Group, Stack, Text } from '@mantine/core'
import { Copyable } from '../../parts/copyable.tsx'
import { Dialog, NOT_BY_CHANCE } from '../../parts/dialog.tsx'
import { usePeopleTexts } from './texts.ts'

export interface Invitation {
  email: string
  url: string
}

/** Shows the link once: the server keeps nothing from which it could be made again. */
export function SetPasswordLink({
  invitation,
  onClose,
}: {
  invitation: Invitation | undefined
  onClose(): void
}) {
  const t = usePeopleTexts()
  return (
    <Dialog
      opened={invitation !== undefined}
      onClose={onClose}
      title={t('link')}
      size="lg"
      {...NOT_BY_CHANCE}
    >
      {invitation && (
        <Stack>
          <Text size="sm">{t('linkWhy', { email: invitation.email })}</Text>
          <Copyable value={invitation.url} name={t('link')} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('close')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
