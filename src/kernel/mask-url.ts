/** Stands in the place of a password. */
export const MASK = '***'

/** Masks the password, wherever libpq lets a URL carry one. */
export function maskUrl(text: string): string {
  const url = new URL(text)
  if (url.password) url.password = MASK
  for (const name of [...url.searchParams.keys()]) {
    if (/pass/i.test(name)) url.searchParams.set(name, MASK)
  }
  return url.href
}
