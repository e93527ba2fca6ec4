import { useEffect, useState } from 'react'
import type { Refusal } from '../api/refusal.ts'
import { follow } from './follow.ts'
import type { ImportView } from './upload.ts'

/**
 * The progress of an import as it goes on; `lost` while there is no connection, `refused` when it cannot be followed
 * any longer.
 */
export function useProgress(
  service: number,
  id: number | undefined,
): { view: ImportView | undefined; lost: boolean; refused: Refusal | undefined } {
  const [view, setView] = useState<ImportView>()
  const [lost, setLost] = useState(false)
  const [refused, setRefused] = useState<Refusal>()
  useEffect(() => {
    setView(undefined)
    setLost(false)
    setRefused(undefined)
    if (id === undefined) return
    return follow(service, id, {
      onView: (next) => {
        setView(next)
        setLost(false)
      },
      onLost: () => setLost(true),
      onRefused: setRefused,
    })
  }, [service, id])
  return { view, lost, refused }
}
