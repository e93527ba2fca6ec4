import { useEffect, useState } from 'react'
import { follow, type ImportView } from './upload.ts'

/** How far an import is, as it goes on; `lost` while the connection is away. */
export function useProgress(
  service: number,
  id: number | undefined,
): { view: ImportView | undefined; lost: boolean } {
  const [view, setView] = useState<ImportView>()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    setView(undefined)
    setLost(false)
    if (id === undefined) return
    return follow(service, id, {
      onView: (next) => {
        setView(next)
        setLost(false)
      },
      onLost: () => setLost(true),
    })
  }, [service, id])
  return { view, lost }
}
