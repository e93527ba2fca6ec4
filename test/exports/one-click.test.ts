import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OneClickFormat, writeOneClick } from '../../src/exports/one-click.ts'

const ROWS = [
  {
    address: 'a@example.com',
    messageId: '7.1@example.com',
    requestedAt: Date.parse('2026-11-20T15:00:00.900Z'),
    excluded: true,
  },
  {
    address: '"b, c"@example.com',
    messageId: null,
    requestedAt: Date.parse('2026-11-21T14:59:59Z'),
    excluded: false,
  },
]

async function* pages() {
  yield ROWS.slice(0, 1)
  yield ROWS.slice(1)
}

const write = async (format: Partial<OneClickFormat>) => {
  const lines = writeOneClick(pages(), { format: 'csv', bom: false, timeZone: 'Asia/Tokyo', ...format })
  return join(lines)
}

async function join(lines: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const line of lines) text += line
  return text
}

test('the CSV has the four columns of the one-click list, times of the zone, and 0 for who is excluded', async () => {
  assert.equal(
    await write({}),
    '送信先アドレス,メッセージID,登録解除日時,配信フラグ\r\n' +
      'a@example.com,7.1@example.com,2026-11-21T00:00:00+09:00,0\r\n' +
      '"""b, c""@example.com",,2026-11-21T23:59:59+09:00,1\r\n',
  )
})

test('CSV begins with a byte order mark on request', async () => {
  assert.ok((await write({ bom: true })).startsWith('\ufeff送信先アドレス'))
})

test('NDJSON says the same with names, and never has a byte order mark', async () => {
  assert.equal(
    await write({ format: 'ndjson', bom: true, timeZone: 'UTC' }),
    '{"address":"a@example.com","messageId":"7.1@example.com","requestedAt":"2026-11-20T15:00:00+00:00","deliverable":false}\n' +
      '{"address":"\\"b, c\\"@example.com","messageId":null,"requestedAt":"2026-11-21T14:59:59+00:00","deliverable":true}\n',
  )
})

test('an empty list is a file with its head alone', async () => {
  const lines = writeOneClick((async function* () {})(), { format: 'csv', bom: false, timeZone: 'UTC' })
  assert.equal(await join(lines), '送信先アドレス,メッセージID,登録解除日時,配信フラグ\r\n')
})
