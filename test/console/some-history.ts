import type { Tenant } from '../support/installation.ts'

const NAMES = ['taro', 'hanako', 'jiro', 'sakura', 'kenji', 'yuki', 'aoi', 'haruto', 'mei', 'ren']
const DOMAINS = ['example.jp', 'example.com', 'mail.example.jp']

export const EVERYBODY = NAMES.flatMap((name) => DOMAINS.map((domain) => `${name}@${domain}`))

/** Puts people on the lists of a service, as a year of mailing might. */
export async function fillTenant(tenant: Tenant): Promise<void> {
  await tenant.addSender({ address: 'shop@example.com', oneClick: false })
  await tenant.stop(`sender:${tenant.sender.address}`, ...EVERYBODY.slice(0, 14))
  await tenant.stop('hard-bounces', ...EVERYBODY.slice(14, 24))
  await tenant.stop('complaints', ...EVERYBODY.slice(24, 27))
  await tenant.stop('blocklist', ...EVERYBODY.slice(27))
}
