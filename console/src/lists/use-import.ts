import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { hasEnded, type ImportView } from './upload.ts'

/** An import by its id, polled until it has ended; nothing for the id 0. */
export function useImport(service: number, id: number, known?: ImportView) {
  const path = { service, id }
  return useQuery({
    queryKey: ['import', service, id],
    enabled: id > 0,
    ...(known && { initialData: known }),
    refetchInterval: ({ state }) => (state.data && !hasEnded(state.data) ? 500 : false),
    queryFn: () => bodyOf(api.GET('/api/v1/services/{service}/imports/{id}', { params: { path } })),
  })
}

/** Cancels an import before its end, or undoes it afterwards. */
export function useImportChange(service: number, id: number) {
  const queries = useQueryClient()
  const path = { service, id }
  return useMutation({
    mutationFn: (verb: 'cancel' | 'undo') =>
      api.POST(`/api/v1/services/{service}/imports/{id}/${verb}`, { params: { path } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['import', service, id] }),
        queries.invalidateQueries({ queryKey: ['imports', service] }),
        queries.invalidateQueries({ queryKey: ['suppressions', service] }),
      ]),
  })
}

/** Whether any of it can be undone. */
export const canBeUndone = ({ dryRun, state, rows }: ImportView): boolean =>
  !dryRun && ['done', 'cancelled', 'failed'].includes(state) && rows.changed > 0
