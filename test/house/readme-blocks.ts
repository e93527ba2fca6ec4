import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const README = join(import.meta.dirname, '../../README.md')

/** The blocks of code in one language below a heading of the README, as printed. */
export function readmeBlocks(heading: string, language: string): string[] {
  const [, section = ''] = readFileSync(README, 'utf8').split(`\n## ${heading}\n`)
  const own = section.split('\n## ')[0] ?? ''
  return [...own.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}

/** A block with what its reader puts in. Throws for a place to fill in that it does not have. */
export function fillIn(block: string, values: Record<string, string>): string {
  return Object.entries(values).reduce((code, [place, value]) => {
    if (!code.includes(place)) throw new Error(`${place} does not stand in\n${block}`)
    return code.replaceAll(place, value)
  }, block)
}
