import { useEffect, useState } from 'react'
import type { Refusal } from '../api/refusal.ts'
import { follow } from './follow.ts'
import type { ImportView } from './upload.ts'

/** How far an import is, as it goes on; `lost` while the connection is away, `refused` when it can be followed no more. */
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
