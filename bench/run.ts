import { readFile, writeFile } from 'node:fs/promises'
import { b1 } from './rows/b1-one-click.ts'
import { b2 } from './rows/b2-during-import.ts'
import { b3 } from './rows/b3-import.ts'
import { b4 } from './rows/b4-check.ts'
import { b5 } from './rows/b5-export.ts'
import { b6 } from './rows/b6-gateway.ts'
import { b7 } from './rows/b7-growth.ts'
import { b8 } from './rows/b8-start.ts'
import type { Result } from './support/result.ts'

/*
 * npm run bench                every row
 * npm run bench -- B1 --rounds 5
 * npm run bench -- B7 --full   also with a hundred million rows, which takes hours and 60 GB
 * npm run bench -- B3 --try    with a fiftieth of the rows, to try the bench itself; nothing is written
 * The ratios are what counts: each figure stands next to a baseline whose runs alternated with it. Absolute figures are
 * those of one machine.
 */
const ROWS = [b1, b2, b3, b4, b5, b6, b7, b8]
const args = process.argv.slice(2)
const roundsAt = args.indexOf('--rounds')
const rounds = roundsAt === -1 ? 3 : Number(args[roundsAt + 1])
const full = args.includes('--full')
const isTrial = args.includes('--try')
const rows = (count: number) => (isTrial ? count / 50 : count)
const wanted = args.filter((arg) => /^B\d+$/.test(arg))
const unknown = wanted.filter((id) => !ROWS.some((row) => row.id === id))
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(
    `usage: npm run bench -- [${ROWS.map(({ id }) => id).join('|')}]... [--rounds N] [--full] [--try]`,
  )
  process.exit(2)
}

const results: Result[] = []
for (const row of ROWS.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  console.log(`\n${row.id}  ${row.title}`)
  const found = await row.run({ rounds, full, rows })
  results.push(...found)
  for (const result of found) console.log(line(result))
}
if (isTrial) process.exit()
const file = new URL('results.json', import.meta.url)
const before = JSON.parse(await readFile(file, 'utf8')) as Result[]
// Rows that did not run keep what they showed last.
const all = ROWS.flatMap(({ id }) => {
  const fresh = results.filter(({ row }) => row === id)
  return fresh.length > 0 ? fresh : before.filter(({ row }) => row === id)
})
await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
console.log('\nwritten to bench/results.json')

function line({ engine, name, value, unit, baseline, ratio, goal, met }: Result): string {
  const figure = `${rounded(value)} ${unit}`
  const beside =
    baseline === null ? '' : `, baseline ${rounded(baseline)} ${unit}, ratio ${ratio?.toFixed(2)}`
  const verdict = goal === 'reported' ? '' : met ? 'met' : 'missed'
  return `  ${verdict.padEnd(6)}  ${engine.padEnd(8)}  ${name}: ${figure}${beside} (goal ${goal})`
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
