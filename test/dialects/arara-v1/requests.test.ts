import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readXml } from '../../../src/dialects/xml/read-xml.ts'
import { stop } from '../../suppression/changes.ts'
import { type Answer, auth, request, startAraraV1 } from './arara-v1.ts'
import { asked, NEWS, requestersOf, senderOf } from './requesters.ts'

describe('a request that is refused', () => {
  const cases: [what: string, body: string, status: number, kind: string, code: string, says: RegExp][] = [
    ['no XML', 'hello', 400, 'xml', '0201', /well-formed/],
    ['nothing', '', 400, 'xml', '0201', /well-formed/],
    [
      "the seed's sample with its comments",
      asked(NEWS, [2024, 5, '4</day><!—- 日 --><day>4']),
      400,
      'xml',
      '0201',
      /well-formed/,
    ],
    ['a document type', `<!DOCTYPE request>${request('<a/>')}`, 400, 'xml', '0201', /DOCTYPE|well-formed/],
    ['another root', `<mail>${auth()}</mail>`, 400, 'xml', '0201', /root element must be request/],
    ['no credentials', '<request><a/></request>', 401, 'auth', '0101', /needed/],
    ['no subject', request(''), 400, 'parameter', '0301', /unsubscription_request/],
    ['no From', asked('', [2024, 5, 4]), 400, 'parameter', '0301', /header_from: is needed/],
    ['no address', asked('x', [2024, 5, 4]), 400, 'parameter', '0301', /header_from: is not a mail address/],
    ['a sender that is none', asked('x@example.com', [2024, 5, 4]), 400, 'parameter', '0312', /header_from/],
    [
      'a day that is none',
      asked(NEWS, [2023, 2, 29]),
      400,
      'parameter',
      '0301',
      /day: is not a day of that month/,
    ],
    ['a month that is none', asked(NEWS, [2023, 13, 1]), 400, 'parameter', '0301', /month/],
    [
      'a huge number',
      asked(NEWS, ['9'.repeat(400), 1, 1]),
      400,
      'parameter',
      '0301',
      /year: must be a number/,
    ],
    [
      'a number in words',
      asked(NEWS, ['２０２４', 1, 1]),
      400,
      'parameter',
      '0301',
      /year: must be a number/,
    ],
    [
      'a day twice',
      asked(NEWS, [2024, 5, '4</day><day>5']),
      400,
      'parameter',
      '0301',
      /day: stands there more than once/,
    ],
    [
      'a cursor that is none',
      asked(NEWS, [2024, 5, 4], '<cursor>x</cursor>'),
      400,
      'parameter',
      '0301',
      /cursor/,
    ],
  ]
  const errorOf = async (answer: Answer) => {
    const root = await readXml(Buffer.from(answer.text))
    const errors = root.children.find(({ name }) => name === 'errors')
    const result = root.children.find(({ name }) => name === 'result')
    return { root: root.name, result: result?.attributes['code'], error: errors?.children[0] }
  }

  it('is answered in the form of the vendor, naming the field', async (t) => {
    const { post } = await startAraraV1(t)
    for (const [what, body, status, kind, code, says] of cases) {
      const answer = await post('unsubscribe_requesters', body)
      const { root, result, error } = await errorOf(answer)
      assert.deepEqual(
        [what, answer.status, root, result, error?.attributes['kind'], error?.attributes['code']],
        [what, status, 'response', '1', kind, code],
      )
      assert.match(error?.text ?? '', says, what)
      assert.equal(answer.headers.get('content-type'), 'text/xml; charset=UTF-8')
    }
  })

  it('looks the same for a wrong name, key, site and service', async (t) => {
    const { post } = await startAraraV1(t)
    const wrong = [
      auth({ name: 'nobody' }),
      auth({ key: 'wrong-key-wrong' }),
      auth({ site: '2' }),
      auth({ service: '11', name: 'viewer', key: 'key-of-the-viewer' }),
      auth({ service: '20' }),
      auth({ service: '999999999999' }),
      auth({ site: '2', service: '20' }),
    ]
    const answers = await Promise.all(
      wrong.map((block) => post('unsubscribe_receivers', request('<a/>', block))),
    )
    for (const answer of answers) assert.deepEqual([answer.status, answer.text], [401, answers[0]?.text])
    const viewer = auth({ name: 'viewer', key: 'key-of-the-viewer' })
    const lacking = await post('resubscribers', request('<a/>', viewer))
    assert.deepEqual([lacking.status, (await errorOf(lacking)).error?.attributes['code']], [401, '0102'])
  })

  it('is too large beyond what an operation takes', async (t) => {
    const { post } = await startAraraV1(t)
    const answer = await post('unsubscribe_requesters', ' '.repeat(65 * 1_024))
    assert.deepEqual([answer.status, (await errorOf(answer)).error?.attributes['code']], [413, '0401'])
    const many = '<message_to>a@example.jp</message_to>'.repeat(10_001)
    const most = await post('resubscribers', request(`<a><header_from>${NEWS}</header_from>${many}</a>`))
    assert.deepEqual([most.status, (await errorOf(most)).error?.attributes['code']], [413, '0402'])
    assert.equal((await post('resubscribers', ' '.repeat(5 * 1_024 * 1_024))).status, 413)
  })

  it('is no POST, or has no path', async (t) => {
    const { url } = await startAraraV1(t)
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${url}/tm/unsubscribe_requesters.php`, { method })
      assert.deepEqual([method, response.status, response.headers.get('allow')], [method, 405, 'POST'])
    }
    const unknown = await fetch(`${url}/tm/else.php`, { method: 'POST', body: 'x' })
    assert.deepEqual([unknown.status, /<response>[\s\S]*0103/.test(await unknown.text())], [404, true])
    assert.equal((await fetch(`${url}/tm/%zz`)).status, 404)
  })

  it('changes nothing: all addresses of a resume are read before any is resumed', async (t) => {
    const kaijo = await startAraraV1(t)
    const { listId } = await senderOf(kaijo, NEWS)
    await kaijo.capabilities.recorder.record(stop(listId, 'a@example.jp', { requestedAt: kaijo.time.now }))
    const tos = '<message_to>a@example.jp</message_to><message_to>b</message_to>'
    const answer = await kaijo.post(
      'resubscribers',
      request(`<a><header_from>${NEWS}</header_from>${tos}</a>`),
    )
    assert.deepEqual([answer.status, /message_to\[1\]/.test(answer.text)], [400, true])
    const rows = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1])))
    assert.equal(rows[0]?.['filtered'], '1')
  })
})

describe('a request that is taken', () => {
  it('may name any Content-Type or none, and an encoding of Japan', async (t) => {
    const { post, url } = await startAraraV1(t)
    const body = asked(NEWS, [2026, 10, 1])
    for (const type of [
      'text/xml',
      'text/plain; charset=UTF-8',
      'application/json',
      'application/x-www-form-urlencoded',
      'garbage',
      'multipart/form-data',
    ]) {
      assert.equal((await post('unsubscribe_requesters', body, { 'content-type': type })).status, 200, type)
    }
    const bare = await fetch(`${url}/tm/unsubscribe_requesters.php`, {
      method: 'POST',
      body: Buffer.from(body),
    })
    assert.equal(bare.status, 200)
    const utf16 = Buffer.from(`\ufeff${body.replace('UTF-8', 'UTF-16')}`, 'utf16le')
    assert.equal((await post('unsubscribe_requesters', utf16)).status, 200)
    assert.equal((await post('unsubscribe_requesters', body.replace('UTF-8', 'Shift_JIS'))).status, 200)
  })

  it('may bring its credentials in the headers of the queueing mode', async (t) => {
    const { post } = await startAraraV1(t)
    const headers = {
      'x-automailuser': 'admin',
      'x-automailpassword': 'pass & <word>',
      'x-automailusesite': '1',
      'x-automailuseservice': '10',
    }
    const body = asked(NEWS, [2026, 10, 1]).replace(/<auth>.*<\/auth>/, '')
    assert.equal((await post('unsubscribe_requesters', body, headers)).status, 200)
    const wrong = { ...headers, 'x-automailpassword': 'nothing like it' }
    assert.equal((await post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1]), wrong)).status, 401)
  })
})
