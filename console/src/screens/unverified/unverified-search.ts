/** Which requests are shown, as kept in the address. */
export interface UnverifiedSearch {
  key?: string
  cursor?: string
}

export const readUnverifiedSearch = ({ key, cursor }: Record<string, unknown>): UnverifiedSearch => ({
  ...(typeof key === 'string' && key !== '' && { key }),
  ...(typeof cursor === 'string' && { cursor }),
})
