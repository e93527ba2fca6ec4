import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readXml } from '../../../src/dialects/xml/read-xml.ts'
import { fc, runs } from '../../support/properties.ts'
import { auth, KEY, startAraraV1 } from './arara-v1.ts'

const HOUR_MS = 3_600_000

type Kaijo = Awaited<ReturnType<typeof startAraraV1>>

const family = (content: string) =>
  `<request>${auth()}<unsubscription_request>${content}</unsubscription_request></request>`
const NEWS = '<header_from>news@example.com</header_from>'

/** Requests that are right, to be spoilt. */
const RIGHT: Record<string, string> = {
  unsubscribe_receivers: family('<header_from>fuzz@example.com</header_from>'),
  unsubscribe_requesters: family(`${NEWS}<year>2026</year><month>10</month><day>1</day>`),
  resubscribers: family(`${NEWS}<message_to>a@example.jp</message_to><message_to>b@example.jp</message_to>`),
  lpmail: `<mail>${auth()}<delivery id="1"><action>reserve</action><request_id>r1</request_id>
<setting><send_date>now</send_date><from_name>N</from_name><from>news@example.com</from><throttle>100</throttle></setting>
<contents><subject>##int_txt_1##</subject><body part="1">##int_txt_1##</body><body part="2">&lt;p&gt;</body><encode>1</encode></contents>
<send_list><data id="1"><address device="0">a@example.jp</address><int_txt id="1">x</int_txt></data></send_list></delivery>
<delivery id="2"><action>get_status</action><timemin>2026/10/01 00:00</timemin><timemax>2026/10/01 23:59</timemax></delivery>
<delivery id="3"><action>get_result</action><deliver_id>1</deliver_id><cursor>0</cursor></delivery></mail>`,
}

const ODD = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '99999999999999999999999',
    '1e308',
    'NaN',
    '&#1;',
    '&#x10ffff;',
    '\u0000',
    '\ud800',
    '<x/>',
    '<header_from>x</header_from>',
    '<![CDATA[]]>',
    ']]>',
    '<!---->',
    '<?xml version="1.0"?>',
    '%s%n',
    "'; drop table site; --",
    '💣'.repeat(200),
    'a@'.repeat(500),
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** An element's or an attribute's content at a place, replaced; or bytes cut, doubled or flipped. */
const spoilt = fc
  .record({
    path: fc.constantFrom(...Object.keys(RIGHT)),
    at: fc.nat(1_000),
    odd: ODD,
    way: fc.constantFrom('content', 'attribute', 'cut', 'insert', 'flip'),
  })
  .map(({ path, at, odd, way }) => {
    const right = RIGHT[path] as string
    const place = at % right.length
    const nth = (pattern: RegExp, replacement: string) => {
      const all = [...right.matchAll(pattern)]
      const found = all[at % all.length]
      if (!found) return right
      return right.slice(0, found.index) + replacement + right.slice(found.index + found[0].length)
    }
    if (way === 'content') return { path, body: Buffer.from(nth(/>[^<>]*</g, `>${odd}<`)) }
    if (way === 'attribute') return { path, body: Buffer.from(nth(/"[^"]*"/g, `"${odd}"`)) }
    if (way === 'cut') return { path, body: Buffer.from(right.slice(0, place)) }
    if (way === 'insert') return { path, body: Buffer.from(right.slice(0, place) + odd + right.slice(place)) }
    const body = Buffer.from(right)
    body[place] = (body[place] ?? 0) ^ (1 << (at % 8))
    return { path, body }
  })

async function isAnswered({ post, time }: Kaijo, path: string, body: string | Buffer): Promise<number> {
  // By then a wrong key from before is forgotten, which holds the next answer back for longer.
  time.now += HOUR_MS
  const { status, text, headers } = await post(path, body)
  assert.ok(status < 500, `${path} ${status} ${text.slice(0, 500)} to ${body.toString().slice(0, 500)}`)
  assert.equal(headers.get('content-type'), 'text/xml; charset=UTF-8')
  assert.match((await readXml(Buffer.from(text))).name, /^(?:response|mail)$/)
  return status
}

describe('whatever a client sends', () => {
  it('is answered in XML, and never with a failure of ours', async (t) => {
    const kaijo = await startAraraV1(t)
    const authentic = spoilt.filter(({ body }) => {
      const text = body.toString()
      return (
        text.includes(`[${KEY}]`) && text.includes('[admin]') && /site id="1".*service id="10"/.test(text)
      )
    })
    await fc.assert(
      fc.asyncProperty(authentic, async ({ path, body }) => void (await isAnswered(kaijo, path, body))),
      { numRuns: runs(100) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(RIGHT)),
        fc.uint8Array({ maxLength: 300 }),
        async (path, bytes) => {
          assert.equal(await isAnswered(kaijo, path, Buffer.from(bytes)), 400)
        },
      ),
      { numRuns: runs(40) },
    )
    for (const path of Object.keys(RIGHT))
      assert.equal(await isAnswered(kaijo, path, RIGHT[path] as string), 200)
  })

  it('is refused within limits of memory, however much it would become', async (t) => {
    const kaijo = await startAraraV1(t)
    const size = 6 * 1_024 * 1_024
    const bombs: [what: string, body: string | Buffer, status: number][] = [
      ['levels', '<mail>'.repeat(size / 6), 413],
      ['elements', `<mail>${'<a/>'.repeat(size / 4)}</mail>`, 413],
      ['attributes', `<mail ${Array.from({ length: size / 16 }, (_, i) => `a${i}="1"`).join(' ')}/>`, 413],
      ['one name', `<${'m'.repeat(size)}/>`, 413],
      ['one end tag', `<mail></${'m'.repeat(size)}>`, 400],
      ['one comment', `<!--${' '.repeat(size)}--><mail/>`, 401],
      ['one text', `<mail>${'あ'.repeat(size / 3)}</mail>`, 401],
      ['one section', `<mail><![CDATA[${' '.repeat(size)}]]></mail>`, 401],
      ['references', `<mail>${'&#97;'.repeat(size / 5)}</mail>`, 401],
      [
        'declarations',
        `<mail ${Array.from({ length: 90 }, (_, i) => `xmlns:a${i}="${'u'.repeat(100_000)}"`).join(' ')}/>`,
        401,
      ],
      ['a document type', `<!DOCTYPE mail [${'<!ENTITY a "b">'.repeat(size / 15)}]><mail/>`, 400],
      [
        'Shift_JIS',
        Buffer.concat([
          Buffer.from('<?xml version="1.0" encoding="Shift_JIS"?><mail>'),
          Buffer.alloc(size, 0x83),
        ]),
        400,
      ],
    ]
    for (const [what, body, status] of bombs) {
      const answer = await kaijo.post('lpmail', body)
      assert.deepEqual([what, answer.status], [what, status])
      assert.ok(answer.text.length < 2_000, what)
    }
    const many = await Promise.all(
      Array.from({ length: 12 }, () => kaijo.post('lpmail', `<mail>${' '.repeat(size)}`)),
    )
    assert.deepEqual(new Set(many.map(({ status }) => status)), new Set([400]))
  })
})
