import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import type { ApiUser } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

type Step = 'endPrevious' | 'revoke'

interface ApiUserStepProps {
  step: Step
  user: ApiUser
  onClose(): void
}

/** Ends something at once, after a question that says what. To be mounted while it is open. */
export function ApiUserStep({ step, user: { id, name }, onClose }: ApiUserStepProps) {
  const t = useApiUserTexts()
  const queries = useQueryClient()
  const taking = useMutation({
    mutationFn: () => take(step, id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['api-users'] })
      onClose()
      notifications.show({ color: 'teal', message: t(`${step}Done`, { name }) })
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t(step)}>
      <Stack>
        {taking.error && <Failure error={taking.error} />}
        <Text size="sm">{t(`${step}Why`, { name })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button data-autofocus color="red" loading={taking.isPending} onClick={() => taking.mutate()}>
            {t('run')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

async function take(step: Step, id: number): Promise<void> {
  const params = { path: { id } }
  if (step === 'revoke') await api.DELETE('/api/v1/api-users/{id}', { params })
  else await api.POST('/api/v1/api-users/{id}/end-previous-key', { params })
}
