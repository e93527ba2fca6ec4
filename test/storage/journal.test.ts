import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Journal, openJournal } from '../../src/storage/journal.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Entry {
  number: number
  text?: string
}

const FILE = 'requests.ndjson'
const FULL_DISK = join(import.meta.dirname, 'journal-on-full-disk.ts')

describe('the journal', () => {
  it('waits for nothing at first, for a replay after an append, and for nothing again afterwards', async (t) => {
    const { journal } = await fresh(t)
    assert.equal(journal.pending, false)
    const appended = journal.append({ number: 1 })
    // Whatever is asked from now on must come after it.
    assert.equal(journal.pending, true)
    await appended
    assert.deepEqual(await replayed(journal), [1])
    assert.equal(journal.pending, false)
    assert.deepEqual(await replayed(journal), [])
  })

  it('hands over everything in the order in which it came', async (t) => {
    const { journal } = await fresh(t)
    await Promise.all(numbers(5_000).map((number) => journal.append({ number })))
    assert.deepEqual(await replayed(journal), numbers(5_000))
  })

  it('is on disk, one entry a line and for its owner alone, before it acknowledges', async (t) => {
    const { journal, folder } = await fresh(t)
    const text = '配信停止 "quoted"\n second line \u2028 '
    for (const number of [1, 2]) await journal.append({ number, text })
    const lines = readFileSync(join(folder, FILE), 'utf8').split('\n').filter(Boolean)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        { number: 1, text },
        { number: 2, text },
      ],
    )
    assert.equal(statSync(join(folder, FILE)).mode & 0o777, 0o600)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
  })

  it('is found again by the next run, which has to replay it first', async (t) => {
    const { journal, folder } = await fresh(t)
    await journal.append({ number: 1 })
    await journal.close()
    const next = await openJournal<Entry>(folder)
    assert.equal(next.pending, true)
    await next.append({ number: 2 })
    assert.deepEqual(await replayed(next), [1, 2])
    assert.equal((await openJournal(folder)).pending, false)
  })

  it('drops a last line that a crash cut off', async (t) => {
    const { journal, folder } = await fresh(t)
    await journal.append({ number: 1 })
    appendFileSync(join(folder, FILE), '{"number":2,"te')
    assert.deepEqual(await replayed(await openJournal<Entry>(folder)), [1])
  })

  it('keeps what is appended after a line that a crash cut off', async (t) => {
    const { journal, folder } = await fresh(t)
    await journal.append({ number: 1 })
    appendFileSync(join(folder, FILE), '{"number":2,"te')
    const next = await openJournal<Entry>(folder)
    await next.append({ number: 3 })
    assert.deepEqual(await replayed(next), [1, 3])
    assert.equal(next.pending, false)
  })

  it('goes on behind lines that the disk has spoilt, and keeps the file for who looks into it', async (t) => {
    const { folder } = await fresh(t)
    const spoilt = `{"number":1}\n\0\0\0\0\n{"number":2}\n`
    writeFileSync(join(folder, FILE), spoilt)
    const journal = await openJournal<Entry>(folder)
    assert.deepEqual(await replayed(journal), [1, 2])
    assert.equal(journal.pending, false)
    const [kept = ''] = readdirSync(folder)
    assert.match(kept, /^damaged-/)
    assert.equal(readFileSync(join(folder, kept), 'utf8'), spoilt)
    assert.equal((await openJournal(folder)).pending, false)
  })

  it('keeps everything when a replay fails, and hands it over again, with what came meanwhile', async (t) => {
    const { journal, folder } = await fresh(t)
    for (const number of numbers(3)) await journal.append({ number })
    const failure = new Error('still away')
    await assert.rejects(
      journal.replay(() => Promise.reject(failure)),
      failure,
    )
    assert.equal(journal.pending, true)
    await journal.append({ number: 4 })
    await assert.rejects(
      journal.replay(() => Promise.reject(failure)),
      failure,
    )
    assert.deepEqual(await replayed(await openJournal<Entry>(folder)), [1, 2, 3, 4])
  })

  it('loses nothing that is appended while it is replayed, and hands it over in order', async (t) => {
    const { journal } = await fresh(t)
    let last = 0
    const acknowledged: number[] = []
    const carriedOut: number[] = []
    for (let round = 0; round < 100; round++) {
      let replaying = true
      const appending = Array.from({ length: 4 }, async () => {
        while (replaying) {
          const number = ++last
          await journal.append({ number })
          acknowledged.push(number)
          for (let turns = number % 7; turns > 0; turns--) await nextTurn()
          if (number % 5 === 0) break
        }
      })
      await journal.replay(async (entries) => {
        carriedOut.push(...entries.map(({ number }) => number))
        return []
      })
      replaying = false
      await Promise.all(appending)
    }
    carriedOut.push(...(await replayed(journal)))
    assert.equal(journal.pending, false)
    assert.ok(acknowledged.length > 200)
    assert.deepEqual(
      acknowledged.filter((number) => !carriedOut.includes(number)),
      [],
    )
    assert.deepEqual(
      carriedOut,
      carriedOut.toSorted((a, b) => a - b),
    )
  })

  it('never holds more than a part of what an outage left', async (t) => {
    const { folder } = await fresh(t)
    const text = '配'.repeat(300)
    const lines = numbers(20_000).map((number) => `${JSON.stringify({ number, text })}\n`)
    writeFileSync(join(folder, FILE), lines.join(''))
    const journal = await openJournal<Entry>(folder)
    const parts: number[] = []
    let expected = 0
    const count = await journal.replay(async (entries) => {
      parts.push(entries.length)
      for (const entry of entries) assert.deepEqual(entry, { number: ++expected, text })
      return []
    })
    assert.equal(count, 20_000)
    assert.ok(Math.max(...parts) <= 3_000, `${parts}`)
  })

  it('sets aside what can never be carried out, and is done with the rest', async (t) => {
    const { journal, folder } = await fresh(t)
    await Promise.all(numbers(5).map((number) => journal.append({ number })))
    assert.equal(await journal.replay(async (entries) => entries.filter(({ number }) => number === 3)), 5)
    assert.equal(journal.pending, false)
    assert.equal(readFileSync(join(folder, 'refused.ndjson'), 'utf8'), '{"number":3}\n')
  })

  it('leaves no half line when the disk refuses an append, and goes on once there is room', (t) => {
    const dir = tempDir(t)
    // The shell counts blocks of 512 bytes; the system cuts the write at the limit.
    const limited = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, FULL_DISK, dir]
    const { acknowledged, refused } = JSON.parse(execFileSync('sh', limited, { encoding: 'utf8' }))
    assert.ok(acknowledged.length > 0 && refused.length > 0)
    assert.ok(existsSync(join(dir, FILE)))
    const lines = readFileSync(join(dir, FILE), 'utf8').split('\n').filter(Boolean)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).number),
      acknowledged,
    )
  })
})

async function fresh(t: TestContext): Promise<{ journal: Journal<Entry>; folder: string }> {
  const folder = join(tempDir(t), 'journal')
  return { journal: await openJournal<Entry>(folder), folder }
}

async function replayed(journal: Journal<Entry>): Promise<number[]> {
  const found: number[] = []
  const count = await journal.replay(async (entries) => {
    found.push(...entries.map(({ number }) => number))
    return []
  })
  assert.equal(count, found.length)
  return found
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
