import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createForm } from '../../src/subscribers/forms/form.ts'
import { createJoin } from '../../src/subscribers/join.ts'
import { openBrowser } from '../support/browser.ts'
import { install } from '../support/installation.ts'
import { openConsole } from './console.ts'
import { mail } from './mailing.ts'
import { SOME_FORM } from './some-form.ts'
import { EVERYBODY, fillTenant } from './some-history.ts'

/*
 * Takes the pictures of `docs/screens/`: every screen, in light and dark, with a history that a service might have. Run by `npm run screens`
 * on a machine that has Japanese fonts.
 */

const PLACE = fileURLToPath(new URL('../../docs/screens/', import.meta.url))

const SCREENS = {
  overview: '',
  'one-click': 'one-click',
  'stop-lists': 'stop-lists',
  'hard-bounces': 'lists/hard-bounces',
  imports: 'imports',
  subscribers: 'subscribers',
  forms: 'forms',
  deliveries: 'deliveries',
  messages: 'messages',
  address: 'address#address=taro%40example.jp',
  inbound: 'inbound',
  senders: 'senders',
  filters: 'filters',
  'service-settings': 'settings',
}

/** Of the whole installation. */
const MORE_SCREENS = {
  people: 'people',
  'api-users': 'api-users',
  audit: 'audit',
  'nobodys-inbound': 'nobodys-inbound',
  unverified: 'unverified',
  account: 'account',
}

const ends: (() => unknown)[] = []
const lifetime = { after: (end: () => unknown) => void ends.unshift(end) }
try {
  mkdirSync(PLACE, { recursive: true })
  const installation = await install(lifetime, 'sqlite', { serves: 'http,worker', now: Date.now() })
  const newPage = await openBrowser(lifetime)
  for (const [colorScheme, name] of [
    ['light', 'ニュース配信'],
    ['dark', 'ショップ'],
  ] as const) {
    const grants = { permissions: ['error-count-reset'], siteId: null }
    const { page, open, tenant } = await openConsole(lifetime, installation, newPage, { grants, colorScheme })
    const { database } = installation.capabilities
    await database.transact([
      database.query.updateTable('service').set({ name }).where('id', '=', tenant.service.id),
    ])
    const { clock, erased } = installation.capabilities
    const join = createJoin(database, clock, erased)
    for (const [number, name] of ['taro', 'hanako', 'jiro', 'sakura', 'kenji', 'yuki'].entries()) {
      const address = `${name}@mail.example.jp`
      const data = {
        userIds: [`u${1_000 + number}`],
        attributes: { 会員種別: number % 3 === 0 ? 'プレミアム' : '一般' },
      }
      await join({ service: tenant.service, recipient: { address, key: address }, data, via: 'api' })
    }
    await mail({ page, tenant }, EVERYBODY, { subject: '秋の新商品のご案内' })
    await fillTenant(tenant)
    await mail({ page, tenant }, EVERYBODY, { subject: '年末セールのお知らせ' })
    const form = await createForm(database, tenant.service, { ...SOME_FORM, now: Date.now() })
    const take = async (screen: string) => {
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: `${PLACE}${screen}-${colorScheme}.png` })
      process.stdout.write(`${screen} (${colorScheme})\n`)
    }
    for (const [screen, path] of Object.entries(SCREENS)) {
      await open(path)
      await take(screen)
    }
    await open(`forms/${form.id}`)
    await take('form')
    for (const [screen, path] of Object.entries(MORE_SCREENS)) {
      await page.goto(`/console/${path}`)
      await page.locator('h1').waitFor()
      await take(screen)
    }
  }
} finally {
  for (const end of ends) await end()
}
