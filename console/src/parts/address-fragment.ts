import { useLocation } from '@tanstack/react-router'

/*
 * Which person a screen is about stands behind the # of its address: it can be shared and gone back to, and a browser tells it to
 * no server, so that no log has it.
 */

const NAME = 'address='

export const addressFragment = (address: string): string => `${NAME}${encodeURIComponent(address)}`

/** The address behind the #, if there is one. */
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
