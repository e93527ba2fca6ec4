import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Which WCAG does not ask for: places that one jumps to are told apart by their names. Behind a window nobody jumps. */
const landmarks = async (page: Page) => ({
  'landmark-unique': { enabled: (await page.getByRole('dialog').count()) === 0 },
})

const COLOURS = ['color-contrast', 'link-in-text-block']

/** What keeps people from using the page as WCAG 2.2 AA asks, in light and dark; animations are waited for. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    // The page follows by itself, and fades from one to the other: not before that has begun can it be waited for.
    if (await page.locator('html[data-mantine-color-scheme]').count()) {
      await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' })
    }
    await page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))')
    await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))')
    // Without frames of other origins: half the time. What is in order need not be described. A frame in which nothing may run cannot
    // be looked into: what it shows is looked at as a page of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode().exclude('iframe[sandbox]')
    // Nothing else than colours changes with the scheme.
    const { violations } = await (scheme === 'light'
      ? axe.options({ resultTypes: ['violations'], rules: await landmarks(page) }).withTags(RULES)
      : axe.options({ resultTypes: ['violations'] }).withRules(COLOURS)
    ).analyze()
    for (const { id, nodes } of violations) {
      found.push(...nodes.map(({ html }) => `${scheme}: ${id}: ${html.slice(0, 200)}`))
    }
  }
  return found
}
