import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import type { Person } from './grants.ts'
import type { Invitation } from './set-password-link.tsx'
import { usePeopleTexts } from './texts.ts'

/** What can be done to somebody at once, after a question that explains it. */
export type Step = 'disable' | 'enable' | 'unlock' | 'reset'

interface PersonStepProps {
  step: Step
  person: Person
  onClose(): void
  onInvited(invitation: Invitation): void
}

/** To be mounted while it is open. */
export function PersonStep({ step, person, onClose, onInvited }: PersonStepProps) {
  const t = usePeopleTexts()
  const queries = useQueryClient()
  const { id, email } = person
  const taking = useMutation({
    mutationFn: () => take(step, id),
    onSuccess: async (url) => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      onClose()
      if (url) onInvited({ email, url })
      else notifications.show({ color: 'teal', message: t('done', { email }) })
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t(step)}>
      <Stack>
        {taking.error && <Failure error={taking.error} />}
        <Text size="sm">{t(`${step}Why`, { email })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            data-autofocus
            color={step === 'disable' ? 'red' : 'indigo'}
            loading={taking.isPending}
            onClick={() => taking.mutate()}
          >
            {t('run')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

/** Resolves with the link to hand over, where there is one. */
async function take(step: Step, id: string): Promise<string | undefined> {
  const params = { path: { id } }
  if (step === 'unlock') await api.POST('/api/v1/people/{id}/unlock', { params })
  else if (step === 'reset') {
    return (await bodyOf(api.POST('/api/v1/people/{id}/reset', { params }))).setPasswordUrl
  } else await api.PATCH('/api/v1/people/{id}', { params, body: { disabled: step === 'disable' } })
  return undefined
}
