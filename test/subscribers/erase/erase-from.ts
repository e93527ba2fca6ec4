import type { Capabilities } from '../../../src/app/capabilities.ts'
import type { Address } from '../../../src/kernel/address.ts'

/** Erases somebody from a site, to the end. */
export async function eraseFrom({ erasures }: Capabilities, siteId: number, person: Address) {
  const id = await erasures.begin(siteId, person, 'test')
  return erasures.settled(siteId, id, 60_000)
}
