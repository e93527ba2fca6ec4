import addressparser from 'nodemailer/lib/addressparser'

/** The mailboxes that a text names as Cc does, with commas between; those of groups too. Undefined where one has no address. */
export function mailboxesOf(text: string): { name?: string; address: string }[] | undefined {
  const found = addressparser(text, { flatten: true })
  if (found.some(({ address }) => !address)) return undefined
  return found.map(({ name, address }) => (name ? { name, address } : { address }))
}
