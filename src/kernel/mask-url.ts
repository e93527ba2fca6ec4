/** What a password is replaced by. */
export const MASK = '***'

/** Masks the password, in every place where libpq lets a URL carry one. */
export function maskUrl(text: string): string {
  const url = new URL(text)
  if (url.password) url.password = MASK
  for (const name of [...url.searchParams.keys()]) {
    if (/pass/i.test(name)) url.searchParams.set(name, MASK)
  }
  return url.href
}
