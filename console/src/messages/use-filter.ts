import { useNavigate } from '@tanstack/react-router'

/** Changes the search: it goes into the address, and the first page of results is shown. */
export function useFilter<S extends object>(): (
  change: { [K in keyof S]?: S[K] | null | undefined },
) => void {
  const navigate = useNavigate()
  return (change) => {
    const given = Object.entries(change).map(([name, value]) => [name, value || undefined])
    void navigate({
      to: '.',
      hash: true,
      search: (before: object) => ({ ...before, cursor: undefined, ...Object.fromEntries(given) }),
    } as never)
  }
}
