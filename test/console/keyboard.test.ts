import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { findForms } from '../../src/subscribers/forms/form.ts'
import { findFilters } from '../../src/tenants/filter.ts'
import { findSenders } from '../../src/tenants/sender.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { openConsole } from './console.ts'

const grants = { role: 'administrator', permissions: ['error-count-reset'] } as const
const EVERYTHING = { ...grants, permissions: [...grants.permissions] }
const MOST_STEPS = 300

/** Goes on by the Tab key until the control has the focus, as who has no mouse does. */
async function reach(page: Page, control: Locator): Promise<void> {
  await control.first().waitFor()
  for (let step = 0; step < MOST_STEPS; step++) {
    if ((await control.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${control}`)
}

async function press(page: Page, control: Locator, key = 'Enter'): Promise<void> {
  await reach(page, control)
  await page.keyboard.press(key)
}

async function type(page: Page, control: Locator, text: string): Promise<void> {
  await reach(page, control)
  await page.keyboard.type(text)
}

/** Waits for what the page does by itself. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50)
}

/** As after a screen was loaded. */
async function fromTheTop(page: Page): Promise<void> {
  await page.evaluate('document.activeElement.blur()')
}

/** Enters the password where the console asks for it again. */
async function confirm(page: Page): Promise<void> {
  await type(page, page.locator('[role=dialog] input[type=password]'), PASSWORD)
  await page.keyboard.press('Enter')
}

describe('the console by keyboard alone', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http,worker', now: Date.now() }))
  const newPage = sharedBrowser()
  const open = (t: { after(end: () => Promise<void>): void }) =>
    openConsole(t, installation(), newPage, { language: 'en', grants: EVERYTHING })

  it('is skipped into, and through the side bar leads to every screen, which has a heading of its own', async (t) => {
    const { page, open: go } = await open(t)
    await go('subscribers')
    await press(page, page.getByRole('link', { name: 'Skip to content' }))
    assert.equal(await page.evaluate('document.activeElement.id'), 'content')
    const links = page.getByRole('navigation', { name: 'Menu' }).getByRole('link')
    const titles = new Set<string>()
    for (let index = 0; index < (await links.count()); index++) {
      const link = links.nth(index)
      const href = await link.getAttribute('href')
      await fromTheTop(page)
      // Each screen names itself when it is there.
      if (new URL(page.url()).pathname !== href) await page.evaluate("document.title = ''")
      await press(page, link)
      await page.waitForURL((url) => url.pathname === href)
      await until(async () => (await page.title()) !== '')
      titles.add(await page.title())
    }
    assert.equal(titles.size, await links.count())
  })

  it('stops mail by a file on the stop lists, and resumes one of its addresses', async (t) => {
    const { page, open: go, tenant } = await open(t)
    await go('stop-lists')
    await press(page, page.getByRole('button', { name: 'Edit by CSV' }))
    const dialog = page.getByRole('dialog')
    const chooser = page.waitForEvent('filechooser')
    await press(page, dialog.locator('.mantine-Dropzone-root'))
    const buffer = Buffer.from('email\ntaro@example.jp\nhanako@example.jp\n')
    await (await chooser).setFiles({ name: 'stop.csv', mimeType: 'text/csv', buffer })
    await press(page, dialog.getByRole('button', { name: 'See what would change' }))
    await dialog.getByRole('button', { name: 'Carry out', exact: true }).waitFor()
    assert.equal(await dialog.evaluate((window) => window.contains(window.ownerDocument.activeElement)), true)
    await press(page, dialog.getByRole('button', { name: 'Carry out', exact: true }))
    await page.getByText('Done', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await tenant.wouldMail('taro@example.jp'), false)

    await type(page, page.getByRole('searchbox'), 'taro')
    await page.keyboard.press('Enter')
    await page.getByRole('cell', { name: 'hanako@example.jp', exact: true }).waitFor({ state: 'detached' })
    await press(page, page.getByRole('checkbox', { name: /taro/ }), 'Space')
    await fromTheTop(page)
    await press(page, page.getByRole('button', { name: 'Resume the one selected' }))
    await press(page, dialog.getByRole('button', { name: 'Resume', exact: true }))
    await confirm(page)
    await until(async () => (await dialog.count()) === 0)
    assert.equal(await tenant.wouldMail('taro@example.jp'), true)
    assert.equal(await tenant.wouldMail('hanako@example.jp'), false)
  })

  it('registers a sender after the warning, and puts the focus back where it was', async (t) => {
    const { page, open: go, tenant } = await open(t)
    await go('senders')
    const button = page.getByRole('button', { name: 'Register a sender' })
    await press(page, button)
    const dialog = page.getByRole('dialog')
    await type(page, dialog.locator('input[type=email]'), 'shop@example.com')
    await press(page, dialog.getByRole('checkbox'), 'Space')
    await press(page, dialog.locator('button[type=submit]'))
    await dialog.waitFor({ state: 'detached' })
    const senders = await findSenders(installation().capabilities.database, tenant.service.id)
    assert.ok(senders.some(({ address }) => address === 'shop@example.com'))
    await until(async () => (await button.and(page.locator(':focus')).count()) > 0)
  })

  it('puts the focus back behind windows that are there only while they are open, and those of menus', async (t) => {
    const { page, open: go } = await open(t)
    const dialog = page.getByRole('dialog')
    const isFocused = async (control: Locator) => (await control.and(page.locator(':focus')).count()) > 0
    await go('filters')
    const create = page.getByRole('button', { name: 'Create a filter' }).first()
    await press(page, create)
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await until(() => isFocused(create))

    await page.goto('/console/people')
    const menu = page.getByRole('button', { name: /^Actions:/ })
    await press(page, menu)
    const reset = page.getByRole('menuitem', { name: 'Reset the password' })
    await reset.waitFor()
    await until(async () => {
      await page.keyboard.press('ArrowDown')
      return isFocused(reset)
    })
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await until(() => isFocused(menu))
    // What opened the window is gone by then.
    await go('filters')
    await press(page, create)
    await dialog.waitFor()
    await create.evaluate((button) => button.remove())
    await page.keyboard.press('Escape')
    await until(() => isFocused(page.locator('#content')))
  })

  it('creates a filter, registers a subscriber, and looks one address up', async (t) => {
    const { page, open: go, tenant } = await open(t)
    const dialog = page.getByRole('dialog')
    await go('filters')
    await press(page, page.getByRole('button', { name: 'Create a filter' }))
    for (const [index, text] of ['tips', 'X-List', 'value'].entries()) {
      await type(page, dialog.getByRole('textbox').nth(index), text)
    }
    await press(page, dialog.locator('button[type=submit]'))
    await dialog.waitFor({ state: 'detached' })
    const filters = await findFilters(installation().capabilities.database, tenant.service.id)
    assert.deepEqual(
      filters.map(({ name }) => name),
      ['tips'],
    )

    await go('subscribers')
    await press(page, page.getByRole('button', { name: 'Register a subscriber' }))
    await type(page, dialog.getByRole('textbox').first(), 'jiro@example.jp')
    await press(page, dialog.locator('button[type=submit]'))
    await confirm(page)
    await page.getByRole('cell', { name: 'jiro@example.jp', exact: true }).waitFor()

    await go('address')
    await type(page, page.getByLabel('Mail address'), 'jiro@example.jp')
    await page.keyboard.press('Enter')
    await press(page, page.getByRole('button', { name: 'Put on the blocklist' }))
    await press(page, dialog.getByRole('button', { name: 'Block', exact: true }))
    await page.getByText('Excluded from mail by these lists.').waitFor()
    assert.equal(await tenant.wouldMail('jiro@example.jp'), false)
  })

  it('makes a registration form with a field, and closes it', async (t) => {
    const { page, open: go, tenant } = await open(t)
    const forms = () => findForms(installation().capabilities.database, tenant.service.id)
    await go('forms')
    await press(page, page.getByRole('link', { name: 'Create a form' }))
    await type(page, page.getByRole('textbox', { name: /^Name/ }), 'letter')
    await type(page, page.getByRole('textbox', { name: /^Heading/ }), 'Our letter')
    await press(page, page.getByRole('button', { name: 'Add a field' }))
    await fromTheTop(page)
    await type(page, page.getByRole('textbox', { name: /^Attribute/ }), 'name')
    await type(page, page.getByRole('textbox', { name: /^Label/ }), 'Your name')
    await press(page, page.getByRole('button', { name: 'Save', exact: true }))
    await press(page, page.getByRole('switch', { name: 'Open: letter' }), 'Space')
    await until(async () => (await forms())[0]?.active === false)
    const [form] = await forms()
    assert.deepEqual(
      form?.fields.map(({ attribute }) => attribute),
      ['name'],
    )
  })

  it('goes to the next page of a list, and past the search without going back to the first', async (t) => {
    const { page, open: go, tenant } = await open(t)
    const many = Array.from({ length: 60 }, (_, number) => `person${number}@example.jp`)
    await tenant.stop('blocklist', ...many)
    await go('lists/blocklist')
    await press(page, page.getByRole('button', { name: 'Next page' }))
    await page.waitForURL(/cursor=/)
    await fromTheTop(page)
    await reach(page, page.getByRole('searchbox'))
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'First page', disabled: false }).waitFor()
    assert.match(page.url(), /cursor=/)
  })
})
