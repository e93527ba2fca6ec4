import { useLocation } from '@tanstack/react-router'

/*
 * The person that a screen is about is named after the # of its address: the address can be shared and gone back to,
 * yet a browser never sends that part to a server, so it appears in no log.
 */

const NAME = 'address='

export const addressFragment = (address: string): string => `${NAME}${encodeURIComponent(address)}`

/** The address after the #, if there is one. */
export function useAddressFragment(): string | undefined {
  const { hash } = useLocation()
  if (!hash.startsWith(NAME)) return undefined
  const written = hash.slice(NAME.length)
  try {
    return decodeURIComponent(written) || undefined
  } catch {
    return written
  }
}
