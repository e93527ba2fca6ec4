import addressparser from 'nodemailer/lib/addressparser'

/**
 * The mailboxes in a comma-separated list such as Cc holds, those of groups included. Undefined when one has no
 * address.
 */
export function mailboxesOf(text: string): { name?: string; address: string }[] | undefined {
  const found = addressparser(text, { flatten: true })
  if (found.some(({ address }) => !address)) return undefined
  return found.map(({ name, address }) => (name ? { name, address } : { address }))
}
