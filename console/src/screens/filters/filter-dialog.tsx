import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useFilterTexts } from './texts.ts'

export interface FilterFields {
  name: string
  header: string
  pattern: string
  match: 'exact' | 'regex'
}

interface FilterDialogProps {
  service: number
  /** Which is changed; none is a new one. */
  filter: (FilterFields & { classId: string }) | undefined
  onClose(): void
}

/** To be mounted while it is open. */
export function FilterDialog({ service, filter, onClose }: FilterDialogProps) {
  const t = useFilterTexts()
  const queries = useQueryClient()
  const { name = '', header = '', pattern = '', match = 'exact' } = filter ?? {}
  const [fields, setFields] = useState<FilterFields>({ name, header, pattern, match })
  const set = (change: Partial<FilterFields>) => setFields({ ...fields, ...change })
  const saving = useMutation({
    mutationFn: async () => {
      if (filter) {
        const path = { service, classId: filter.classId }
        await api.PATCH('/api/v1/services/{service}/filters/{classId}', { params: { path }, body: fields })
      } else {
        await api.POST('/api/v1/services/{service}/filters', { params: { path: { service } }, body: fields })
      }
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['filters', service] })
      onClose()
    },
  })
  const go = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Dialog opened onClose={onClose} title={t(filter ? 'edit' : 'create')}>
      <form onSubmit={go}>
        <Stack>
          {saving.error && <Failure error={saving.error} />}
          <TextInput
            label={t('name')}
            required
            data-autofocus
            maxLength={50}
            value={fields.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t('header')}
            placeholder="X-List"
            required
            maxLength={100}
            value={fields.header}
            onChange={(event) => set({ header: event.currentTarget.value })}
          />
          <TextInput
            label={t('pattern')}
            required
            maxLength={100}
            value={fields.pattern}
            onChange={(event) => set({ pattern: event.currentTarget.value })}
          />
          <Radio.Group
            label={t('match')}
            value={fields.match}
            onChange={(value) => set({ match: value as FilterFields['match'] })}
          >
            <Group mt="xs">
              <Radio value="exact" label={t('exact')} />
              <Radio value="regex" label={t('regex')} />
            </Group>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
