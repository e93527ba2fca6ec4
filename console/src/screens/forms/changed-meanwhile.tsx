import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { useFormTexts } from './texts.ts'

interface ChangedMeanwhileProps {
  service: number
  id: string
  isSaving: boolean
  /** Saves what is entered upon what others made of the form. */
  onOverwrite(revision: string): void
}

/** Two people edited at once: nothing that was entered is lost until this one decides. */
export function ChangedMeanwhile({ service, id, isSaving, onOverwrite }: ChangedMeanwhileProps) {
  const t = useFormTexts()
  const queries = useQueryClient()
  const path = { service, id }
  const read = () => bodyOf(api.GET('/api/v1/services/{service}/forms/{id}', { params: { path } }))
  const overwriting = useMutation({
    mutationFn: read,
    onSuccess: ({ revision }) => onOverwrite(revision),
  })
  const taking = useMutation({
    mutationFn: read,
    onSuccess: (form) => queries.setQueryData(['form', service, id], form),
  })
  const error = overwriting.error ?? taking.error
  return (
    <Alert color="yellow" role="alert" title={t('changedMeanwhile')}>
      <Stack gap="sm" align="flex-start">
        {error && <Failure error={error} />}
        <Text size="sm">{t('changedMeanwhileWhy')}</Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={overwriting.isPending || isSaving}
            onClick={() => overwriting.mutate()}
          >
            {t('overwrite')}
          </Button>
          <Button size="xs" variant="default" loading={taking.isPending} onClick={() => taking.mutate()}>
            {t('takeTheirs')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
