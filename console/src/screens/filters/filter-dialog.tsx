import { useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { useEditing } from '../../editing/use-editing.ts'
import { useFieldErrors } from '../../editing/use-field-errors.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { type FilterFields, FilterInputs, useDescribeFilter } from './filter-fields.tsx'
import { readFilter, savedFilter } from './read-filter.ts'
import { useFilterTexts } from './texts.ts'

interface FilterDialogProps {
  service: number
  /** The filter to change; undefined for a new one. */
  filter: (FilterFields & { classId: string; revision: string }) | undefined
  onClose(): void
}

/** To be mounted while it is open. */
export function FilterDialog({ service, filter, onClose }: FilterDialogProps) {
  const t = useFilterTexts()
  const queries = useQueryClient()
  const describe = useDescribeFilter()
  const { classId = '' } = filter ?? {}
  const editing = useEditing<FilterFields>({
    loaded: filter ? savedFilter(filter) : { values: NEW, revision: '' },
    read: async () => savedFilter(await readFilter(service, classId)),
    save: async (changes, { values, revision }) =>
      savedFilter(
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
  const { conflict } = editing
  return (
    <FormDialog
      title={t(filter ? 'edit' : 'create')}
      opened
      onClose={onClose}
      submit={t('save')}
      carryOut={{ mutate: editing.save, error: editing.error, isPending: editing.isSaving }}
      isIncomplete={conflict !== undefined}
    >
      {conflict && <ChangedMeanwhile {...{ conflict, describe }} />}
      <FilterInputs fields={editing.values} onChange={editing.set} errorOf={errorOf} />
    </FormDialog>
  )
}

const NEW: FilterFields = { name: '', header: '', pattern: '', match: 'exact' }
