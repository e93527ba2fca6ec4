import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'
import { GoOn } from './go-on.tsx'
import { Pager } from './pager.tsx'

/** What a query of a list has loaded so far. */
export interface PagedQuery<T> {
  data: { items: readonly T[]; next?: string | null; lookedBackTo?: string | null } | undefined
  error: Error | null
  /** The previous page is still being shown. */
  isPlaceholderData?: boolean
  refetch(): unknown
}

interface PagedProps<T> {
  query: PagedQuery<T>
  /** Shown instead of items where there are none. */
  none: ReactNode
  /** Shows the items of the page; there is at least one. */
  children(items: readonly T[]): ReactNode
}

/**
 * A page of a list with the way to the next one; or else says that it is loading, why it does not load, or that there
 * is nothing, or nothing so far.
 */
export function Paged<T>({ query, none, children }: PagedProps<T>) {
  const { data, error, isPlaceholderData = false, refetch } = query
  const isEmpty = data?.items.length === 0
  const goesOn = data !== undefined && !isPlaceholderData && (data.lookedBackTo || (isEmpty && data.next))
  return (
    <>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {isEmpty && !data.next && none}
      {data && !isEmpty && children(data.items)}
      {goesOn && <GoOn lookedBackTo={data.lookedBackTo} />}
      <Pager next={data?.next} loading={isPlaceholderData} />
    </>
  )
}
