import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOnly } from 'axe-core'
import type { Page } from 'playwright-core'
import type { Language } from './console.ts'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const EVERY_RULE: RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }

const further = async (page: Page) => ({
  // WCAG does not ask for it: places that one jumps to are told apart by their names. Behind a window nobody jumps.
  'landmark-unique': { enabled: (await page.getByRole('dialog').count()) === 0 },
  // Whether a name holds what is read: it compares words, which Japanese does not set apart.
  'label-content-name-mismatch': { enabled: false },
})

const COLOURS: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Nothing else than colours changes with the scheme. */
const LOOKS = [
  { scheme: 'light', rules: EVERY_RULE },
  { scheme: 'dark', rules: COLOURS },
] as const

/** In the two languages the page is the same but for its texts. */
const LOOKS_OF = {
  ja: [{ scheme: 'light', rules: EVERY_RULE }],
  en: [{ scheme: 'dark', rules: EVERY_RULE }],
} as const

/**
 * What keeps people from using the page as WCAG 2.2 AA asks, in light and dark; animations are waited for. A test that is written in both
 * languages says in which it is: the page is looked at in light in the one, in dark in the other.
 */
export async function barriers(page: Page, language?: Language): Promise<string[]> {
  // Into the page's own world, once for as long as it stays: the library's way for tests brings it in anew for each question.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE)
  const found: string[] = []
  for (const { scheme, rules } of language ? LOOKS_OF[language] : LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    // The page follows by itself, and fades from one to the other: not before that has begun can it be waited for.
    if (await page.locator('html[data-mantine-color-scheme]').count()) {
      await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' })
    }
    await page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))')
    await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))')
    // What is in order need not be described. A frame in which nothing may run cannot be looked into: what it shows is looked at as a
    // page of its own.
    const options = { runOnly: rules, rules: await further(page), reporter: 'no-passes', iframes: false }
    const run = `axe.run({ exclude: ['iframe[sandbox]'] }, ${JSON.stringify(options)})`
    const { violations } = (await page.evaluate(run)) as AxeResults
    for (const { id, nodes } of violations) {
      found.push(...nodes.map(({ html }) => `${scheme}: ${id}: ${html.slice(0, 200)}`))
    }
  }
  return found
}
