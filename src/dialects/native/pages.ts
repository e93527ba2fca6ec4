/** Where a page begins, and how much it holds. */
export interface PageRequest {
  cursor?: string | undefined
  limit: number
}

export interface Page<T> {
  items: T[]
  next: string | null
}
