import { Button, Group, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { useFieldErrors } from '../../editing/use-field-errors.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { type FilterFields, FilterInputs } from './filter-fields.tsx'
import { readFilter } from './read-filter.ts'
import { useFilterTexts } from './texts.ts'

interface FilterDialogProps {
  service: number
  /** Which is changed; none is a new one. */
  filter: (FilterFields & { classId: string; revision: string }) | undefined
  onClose(): void
}

/** To be mounted while it is open. */
export function FilterDialog({ service, filter, onClose }: FilterDialogProps) {
  const t = useFilterTexts()
  const queries = useQueryClient()
  const { classId = '' } = filter ?? {}
  const editing = useEditing<FilterFields>({
    loaded: filter ? savedOf(filter) : { values: NEW, revision: '' },
    read: async () => savedOf(await readFilter(service, classId)),
    save: async (changes, { values, revision }) =>
      savedOf(
        await bodyOf(
          filter
            ? api.PATCH('/api/v1/services/{service}/filters/{classId}', {
                params: { path: { service, classId } },
                body: { ...changes, revision },
              })
            : api.POST('/api/v1/services/{service}/filters', {
                params: { path: { service } },
                body: values,
              }),
        ),
      ),
    onSaved: async () => {
      await queries.invalidateQueries({ queryKey: ['filters', service] })
      onClose()
    },
  })
  const errorOf = useFieldErrors(editing.error)
  const go = (event: FormEvent) => {
    event.preventDefault()
    editing.save()
  }
  return (
    <Dialog opened onClose={onClose} title={t(filter ? 'edit' : 'create')}>
      <form onSubmit={go}>
        <Stack>
          {editing.error ? <Failure error={editing.error} /> : undefined}
          {editing.conflict && (
            <ChangedMeanwhile
              conflict={editing.conflict}
              describe={(key, value) => ({
                name: t(key),
                value: key === 'match' ? t(value as FilterFields['match']) : String(value),
              })}
            />
          )}
          <FilterInputs fields={editing.values} onChange={editing.set} errorOf={errorOf} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={editing.isSaving} disabled={editing.conflict !== undefined}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

const NEW: FilterFields = { name: '', header: '', pattern: '', match: 'exact' }

function savedOf({
  name,
  header,
  pattern,
  match,
  revision,
}: FilterFields & { revision: string }): Saved<FilterFields> {
  return { values: { name, header, pattern, match }, revision }
}
