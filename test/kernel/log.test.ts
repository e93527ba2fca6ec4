import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { createLogger, type Logger, maskText } from '../../src/kernel/log.ts'
import { fc, runs } from '../support/properties.ts'

const TOKEN = `-${'Ab_9-'.repeat(14)}`
const LINK = `/abcdefghij234567/${TOKEN}`

async function linesOf(write: (logger: Logger) => void): Promise<Record<string, unknown>[]> {
  const stream = new PassThrough()
  write(createLogger({ level: 'info', destination: stream }))
  stream.end()
  const text = (await stream.toArray()).join('')
  for (const secret of ['taro', 'a b', '太郎丸', 'Ab_9', 'hunter22']) assert.ok(!text.includes(secret), text)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('masking a text', () => {
  const cases: readonly [text: string, masked: string][] = [
    ['mail to taro@example.com failed', 'mail to t***@example.com failed'],
    ['Taro <taro@example.com>, <ab@example.com>', 'Taro <t***@example.com>, <***@example.com>'],
    ['宛先は太郎丸@例え.jpです', '宛***@例え.jpです'],
    ['to 太郎丸@例え.jp', 'to 太***@例え.jp'],
    ['"a b"@example.com and "a\\"b c"@example.com', '***@example.com and ***@example.com'],
    [JSON.stringify({ to: '"a b"@example.com' }), '{"to":"\\***@example.com"}'],
    ['abc..def.@docomo.ne.jp', 'a***@docomo.ne.jp'],
    ["o'brien&sons=x/y@example.com", 'o***@example.com'],
    ['taro＠example.com', 't***＠example.com'],
    [
      '/check?to=taro%40example.com&cc=hana%2540example.jp',
      '/check?to=t***%40example.com&cc=h***%2540example.jp',
    ],
    ['https://example.com/u/taro@example.com?x=1', 'https://example.com/u/t***@example.com?x=1'],
    ['bounce+taro=example.org@example.com', 'b***@example.com'],
    ['x@taro@example.com', '***@t***@example.com'],
    ['taro@[127.0.0.1]', 't***@[127.0.0.1]'],
    [`POST ${LINK} 200`, 'POST /abcdefghij234567/-… 200'],
    [`<https://example.com${LINK}>`, '<https://example.com/abcdefghij234567/-…>'],
    [`subject=abcdefghij234567%2F${TOKEN}&x`, 'subject=abcdefghij234567%2F-…&x'],
    ['/abcdefghij234567/-short', '/abcdefghij234567/-short'],
    ['Authorization: Bearer hunter22.hunter22', 'Authorization: Bearer …'],
    ['rejected bearer hunter22hunter22', 'rejected bearer …'],
    ['POST /v2?api_user=me&api_key=hunter22&x=1', 'POST /v2?api_user=me&api_key=…&x=1'],
    ['{"apiKey": "hunter22"}', '{"apiKey": "…"}'],
    ['X-AutomailPassword: hunter22', 'X-AutomailPassword: …'],
    ['postgres://kaijo:hunter22@db:5432/kaijo', 'postgres://***@db:5432/kaijo'],
    [
      'at f (file:///srv/node_modules/@fastify/swagger/index.js:3:14)',
      'at f (file:///srv/node_modules/@fastify/swagger/index.js:3:14)',
    ],
    ['listening on 127.0.0.1:8080', 'listening on 127.0.0.1:8080'],
  ]
  for (const [text, masked] of cases) {
    it(`writes ${masked}`, () => assert.equal(maskText(text), masked))
  }

  it('leaves no address in any text', () => {
    const local = fc.constantFrom('taro', 'tarō.y', '"ta ro"', 'ta..ro.', "t'aro", 'ta/ro', 'ta=ro', 'ta%ro')
    const address = fc
      .tuple(local, fc.constantFrom('@', '%40'), fc.constantFrom('example.com', '例え.jp', 'a.b'))
      .map((parts) => parts.join(''))
    const around = fc.string({
      unit: fc.constantFrom('x', ' ', '"', '<', '>', ',', '=', '&', '?', '/', '@', '.', '\\', '太'),
    })
    fc.assert(
      fc.property(around, address, around, (before, address, after) => {
        assert.ok(!maskText(`${before}${address}${after}`).includes(address))
      }),
      { numRuns: runs(3000) },
    )
  })

  it('takes linear time', () => {
    const started = performance.now()
    for (const unit of ['a', '"', '\\"', '@', '/?', '%25', '%40', ' ', 'api_key', '://', 'x@y/']) {
      maskText(`${unit.repeat(100_000 / unit.length)}@`)
    }
    assert.ok(performance.now() - started < 5_000)
  })
})

describe('the log', () => {
  it('masks the message, its arguments and every text of the fields at any depth', async () => {
    const deep = { a: { b: [{ c: { d: { e: { f: ['taro@example.com', LINK] } } } }] } }
    const [line] = await linesOf((log) =>
      log.info({ deep, to: '"a b"@example.com', n: 7 }, 'to %s at %s', '太郎丸@例え.jp', LINK),
    )
    assert.equal(line?.['msg'], 'to 太***@例え.jp at /abcdefghij234567/-…')
    assert.deepEqual(line?.['deep'], {
      a: { b: [{ c: { d: { e: { f: ['t***@example.com', '/abcdefghij234567/-…'] } } } }] },
    })
    assert.equal(line?.['n'], 7)
  })

  it('masks what child loggers carry and what fields are named', async () => {
    const [line] = await linesOf((log) =>
      log
        .child({ recipient: 'taro@example.com' }, { msgPrefix: 'taro@example.com: ' })
        .info({ counts: { 'taro@example.com': 2 } }, 'done'),
    )
    assert.equal(line?.['msg'], 't***@example.com: done')
    assert.equal(line?.['recipient'], 't***@example.com')
    assert.deepEqual(line?.['counts'], { 't***@example.com': 2 })
  })

  it('keeps type, stack and cause of an error', async () => {
    const cause = new RangeError(`550 5.1.1 <taro@example.com> unknown ${LINK}`)
    const error = Object.assign(new TypeError('cannot mail taro@example.com', { cause }), {
      rejected: ['taro@example.com'],
    })
    const lines = await linesOf((log) => {
      log.error(error)
      log.error({ err: error }, 'relay failed')
    })
    for (const line of lines) {
      const logged = line['err'] as Record<string, unknown>
      assert.equal(logged['type'], 'TypeError')
      assert.equal(
        logged['message'],
        'cannot mail t***@example.com: 550 5.1.1 <t***@example.com> unknown /abcdefghij234567/-…',
      )
      assert.match(
        String(logged['stack']),
        /^TypeError: cannot mail t\*{3}@example\.com\n +at .*log\.test\.ts[\s\S]*caused by: RangeError: 550/,
      )
      assert.deepEqual(logged['rejected'], ['t***@example.com'])
    }
    assert.deepEqual(
      lines.map((line) => line['msg']),
      ['cannot mail t***@example.com', 'relay failed'],
    )
  })

  it('never shows a field that is named like a secret', async () => {
    const headers = {
      Authorization: 'Digest hunter22',
      'x-api-key': ['hunter22'],
      'X-AutomailPassword': 'hunter22',
      'set-cookie': 'hunter22',
    }
    const [line] = await linesOf((log) =>
      log.child({ apiKey: 'hunter22' }).info({
        req: { headers },
        body: { api_user: 'me', api_key: 'hunter22', pass: { value: 'hunter22' } },
      }),
    )
    assert.deepEqual(line?.['req'], {
      headers: { Authorization: '…', 'x-api-key': '…', 'X-AutomailPassword': '…', 'set-cookie': '…' },
    })
    assert.deepEqual(line?.['body'], { api_user: 'me', api_key: '…', pass: '…' })
    assert.equal(line?.['apiKey'], '…')
  })

  it('survives fields that contain themselves', async () => {
    const field: Record<string, unknown> = { to: 'taro@example.com' }
    field['self'] = field
    const [line] = await linesOf((log) => log.info({ field }, 'loop'))
    assert.deepEqual(line?.['field'], { to: 't***@example.com', self: '[Circular]' })
  })

  it('writes JSON lines of its level and above to stdout', () => {
    const script = `import { createLogger } from './src/kernel/log.ts'
      const log = createLogger({ level: 'warn' }); log.info('quiet'); log.warn('hello taro@example.com')`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    assert.equal(out.trimEnd().split('\n').length, 1)
    assert.deepEqual(JSON.parse(out).msg, 'hello t***@example.com')
  })
})
