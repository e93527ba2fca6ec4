import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'

describe('the reference of the API in a browser', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  it('shows every group of calls, opens one, and asks nobody but its own server', async (t) => {
    const { page, complaints, asked } = await open(t)
    for (const group of ['services', 'suppressions', 'forms', 'administration']) {
      await page.getByText(group, { exact: true }).first().waitFor()
    }
    await page.getByText('forms', { exact: true }).first().click()
    await page.getByText("Give the HTML that puts a form on a site of the customer's").first().click()
    await page.getByText('/api/v1/services/{service}/forms/{id}/embed').first().waitFor()
    assert.equal(await page.getByRole('button', { name: /Ask AI|Generate MCP/ }).count(), 0)
    assert.deepEqual(complaints, [])
    assert.deepEqual([...new Set(asked.map((url) => new URL(url).origin))], [installation().url])
  })

  it('runs nothing that somebody wrote into it', async (t) => {
    const { page, complaints } = await open(t)
    const ran = await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.ran = true'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', '<button id="inline" onclick="globalThis.ran = true">x</button>')
      document.querySelector('#inline').click()
      'ran' in globalThis
    }`)
    assert.equal(ran, false)
    assert.deepEqual(
      complaints.map((text) => /script-src[a-z-]*/.exec(text)?.[0]),
      ['script-src', 'script-src'],
    )
  })

  async function open(t: { after(end: () => unknown): void }): Promise<{
    page: Page
    complaints: string[]
    asked: string[]
  }> {
    const page = await newPage({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
    t.after(() => page.context().close())
    const complaints: string[] = []
    const asked: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) asked.push(request.url())
    })
    await page.goto(`${installation().url}/api/v1/docs`)
    await page.getByRole('heading', { name: 'Kaijo', exact: true }).waitFor()
    return { page, complaints, asked }
  }
})
