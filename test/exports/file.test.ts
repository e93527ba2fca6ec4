import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { configure, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js'
import { lockOf, type Packing, toFile } from '../../src/exports/file.ts'

configure({ useWebWorkers: false })

const PASSWORD = 'open-sesame'
const TEXT = ['target\r\n', '花子@example.jp\r\n', '=1+1@example.jp\r\n']
const AT = { time: Date.parse('2026-11-20T15:00:00Z'), timeZone: 'Asia/Tokyo' }

async function* lines(given: readonly string[] = TEXT) {
  yield* given
}

const pack = (packing: Packing, password?: string, given = lines()) =>
  toFile(given, {
    ...{ title: 'unsubscribes', at: AT, format: 'csv', compress: packing.compress },
    lock: lockOf(packing, password),
  })

/** The only entry of a ZIP, as its reader describes it, and what is in it. */
async function unzip(bytes: Buffer, password?: string) {
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes)))
  const [entry, ...others] = await zip.getEntries()
  assert.deepEqual(others, [])
  if (!entry || entry.directory) assert.fail('the ZIP has no file')
  const content = await entry.arrayBuffer(password === undefined ? {} : { password })
  await zip.close()
  return { entry, text: Buffer.from(content).toString() }
}

/** APPNOTE 4.3.7: flags and method of the local file header. */
const localHeader = (bytes: Buffer) => ({
  signature: bytes.readUInt32LE(0),
  encrypted: (bytes.readUInt16LE(6) & 1) === 1,
  method: bytes.readUInt16LE(8),
})

test('a file is named by what it is and by the time of the zone', () => {
  const names = (['none', 'gzip', 'zip'] as const).map((compress) => {
    const { name, type, content } = pack({ compress })
    content.destroy()
    return [name, type]
  })
  assert.deepEqual(names, [
    ['unsubscribes-20261121_000000.csv', 'text/csv; charset=utf-8; header=present'],
    ['unsubscribes-20261121_000000.csv.gz', 'application/gzip'],
    ['unsubscribes-20261121_000000.zip', 'application/zip'],
  ])
})

test('content is the same bytes in every packing, formulas too', async () => {
  const plain = await buffer(pack({ compress: 'none' }).content)
  assert.equal(plain.toString(), TEXT.join(''))
  assert.deepEqual(gunzipSync(await buffer(pack({ compress: 'gzip' }).content)), plain)
  const { text } = await unzip(await buffer(pack({ compress: 'zip' }).content))
  assert.equal(text, TEXT.join(''))
})

test('a zip without a password is not encrypted, and holds the file under its name', async () => {
  const bytes = await buffer(pack({ compress: 'zip' }).content)
  assert.deepEqual(localHeader(bytes), { signature: 0x04034b50, encrypted: false, method: 8 })
  const { entry } = await unzip(bytes)
  assert.deepEqual([entry.filename, entry.encrypted], ['unsubscribes-20261121_000000.csv', false])
})

test('a zip is encrypted by ZipCrypto where there is a password, whether that is asked for or not', async () => {
  for (const encryption of [undefined, 'zipcrypto'] as const) {
    const bytes = await buffer(pack({ compress: 'zip', encryption }, PASSWORD).content)
    assert.deepEqual(localHeader(bytes), { signature: 0x04034b50, encrypted: true, method: 8 })
    const { entry, text } = await unzip(bytes, PASSWORD)
    assert.deepEqual([entry.zipCrypto, text], [true, TEXT.join('')])
    await assert.rejects(unzip(bytes, 'open-barley'), /password/i)
    await assert.rejects(unzip(bytes), /password|encrypted/i)
  }
})

test('a zip is encrypted by AES-256 on request', async () => {
  const bytes = await buffer(pack({ compress: 'zip', encryption: 'aes-256' }, PASSWORD).content)
  // Method 99 stands for AES (WinZip AE-2), whose extra field tells the strength: 3 is 256 bits.
  assert.deepEqual(localHeader(bytes), { signature: 0x04034b50, encrypted: true, method: 99 })
  const { entry, text } = await unzip(bytes, PASSWORD)
  assert.deepEqual([entry.zipCrypto, entry.extraFieldAES?.strength, text], [false, 3, TEXT.join('')])
  await assert.rejects(unzip(bytes, 'open-barley'), /password/i)
})

test('nothing is written in the clear that was to be encrypted', () => {
  const refused = { name: 'DomainError', code: 'invalid-value', field: 'encryption' }
  assert.throws(() => lockOf({ compress: 'zip', encryption: 'aes-256' }, undefined), refused)
  assert.throws(() => lockOf({ compress: 'gzip', encryption: 'zipcrypto' }, PASSWORD), refused)
})

for (const compress of ['none', 'gzip', 'zip'] as const) {
  test(`what breaks the content breaks the file: ${compress}`, async () => {
    async function* broken() {
      yield 'target\r\n'
      throw new Error('the database went away')
    }
    await assert.rejects(buffer(pack({ compress }, undefined, broken()).content), /went away/)
  })

  test(`who goes away ends the reading: ${compress}`, { timeout: 60_000 }, async () => {
    let ended: (() => void) | undefined
    const end = new Promise<void>((resolve) => {
      ended = resolve
    })
    async function* endless() {
      try {
        for (let n = 0; ; n++) yield `${String(n).padStart(4_000, '0')}\r\n`
      } finally {
        ended?.()
      }
    }
    const { content } = pack({ compress }, undefined, endless())
    await new Promise((resolve) => content.once('data', resolve))
    content.destroy()
    await end
  })
}
