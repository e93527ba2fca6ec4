import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import type { RegistrationForm } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface RemoveFormProps {
  service: number
  form: RegistrationForm
  onClose(): void
}

/** Says what stays before a form is removed. To be mounted while it is open. */
export function RemoveForm({ service, form, onClose }: RemoveFormProps) {
  const t = useFormTexts()
  const queries = useQueryClient()
  const removal = useMutation({
    mutationFn: () =>
      api.DELETE('/api/v1/services/{service}/forms/{id}', { params: { path: { service, id: form.id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['forms', service] })
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('remove')}>
      <Stack>
        {removal.error && <Failure error={removal.error} />}
        <Text size="sm">{t('removeWhy', { name: form.name })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={removal.isPending} onClick={() => removal.mutate()}>
            {t('remove')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
