import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { NOW, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const FORMS = '/services/10/forms'
const iso = (time: number) => new Date(time).toISOString()

const TEXTS = { lead: '', button: '', consent: '', done: '', mailSubject: '', mailText: '' }
const REQUEST = {
  name: 'メルマガ登録',
  texts: { ja: { title: 'メルマガのご登録', consent: '同意します' } },
  fields: [
    { attribute: '名前', type: 'text', label: { ja: 'お名前' }, required: true },
    {
      attribute: 'area',
      type: 'choice',
      label: { ja: '地域' },
      choices: [
        { value: 'east', label: { ja: '東日本' } },
        { value: 'west', label: { ja: '西日本' } },
      ],
    },
  ],
}

forEachEngine((engine) => {
  test('a form is created with what is usual, found, changed, embedded and deleted, each on the record', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const { status, body: created } = await call('POST', FORMS, REQUEST)
    const { id } = created
    const form = {
      ...{ id, name: 'メルマガ登録', active: true, url: `https://u.example/-/form/${id}` },
      texts: { ja: { ...TEXTS, ...REQUEST.texts.ja } },
      fields: REQUEST.fields.map((field) => ({ required: false, choices: [], ...field })),
      ...{ doubleOptIn: true, sender: null, redirectUrl: null, embedOrigins: [], revision: '1' },
      ...{ createdAt: iso(NOW), updatedAt: iso(NOW) },
    }
    assert.deepEqual([status, created], [200, form])
    assert.match(id, /^[a-z2-7]{16}$/)
    assert.deepEqual((await call('GET', `${FORMS}/${id}`)).body, form)

    time.now += 1_000
    const change = {
      ...{ revision: '1', active: false, sender: 'NEWS@example.com', redirectUrl: 'https://www.example.com' },
      embedOrigins: ['https://www.example.com/', 'https://www.example.com', 'http://localhost:3000'],
    }
    const changed = await call('PATCH', `${FORMS}/${id}`, change)
    const after = {
      ...{ ...form, ...change, revision: '2', updatedAt: iso(NOW + 1_000) },
      redirectUrl: 'https://www.example.com/',
      embedOrigins: ['https://www.example.com', 'http://localhost:3000'],
    }
    assert.deepEqual([changed.status, changed.body], [200, after])
    assert.deepEqual((await call('GET', FORMS)).body, { items: [after], next: null })

    const { body: embed } = await call('GET', `${FORMS}/${id}/embed`)
    const place = `https://u.example/-/form/${id}?lang=ja`
    assert.ok(embed.form.startsWith(`<form method="post" action="${place}" accept-charset="utf-8">`))
    assert.match(embed.form, /name="attributes\.名前" required[^>]* maxlength="200"/)
    assert.match(embed.form, /<option value="west">西日本<\/option>/)
    assert.doesNotMatch(embed.form, /<script|style=/)
    assert.ok(embed.frame.startsWith(`<iframe src="${place}" title="メルマガのご登録"`))
    const other = await call('GET', `${FORMS}/${id}/embed?language=en`)
    assert.deepEqual([other.body.code, other.body.field], ['invalid-value', 'language'])

    assert.equal((await call('DELETE', `${FORMS}/${id}`)).status, 204)
    assert.equal((await call('DELETE', `${FORMS}/${id}`)).body.code, 'unknown-form')
    const { items } = (await call('GET', '/audit?limit=3')).body
    assert.deepEqual(
      items.map(({ action, subject }: Record<string, string>) => `${action} ${subject}`),
      ['form.delete', 'form.update', 'form.create'].map((action) => `${action} メルマガ登録`),
    )
  })

  test('of two people who edit a form at once the second one is told, and neither of them loses anything', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const { id } = (await call('POST', FORMS, REQUEST)).body
    const rename = (name: string, revision?: string) => call('PATCH', `${FORMS}/${id}`, { name, revision })
    const answers = await Promise.all(['first', 'second'].map((name) => rename(name, '1')))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.deepEqual([refused?.body.code, refused?.body.field], ['changed-meanwhile', 'revision'])
    assert.equal((await rename('third', '2')).body.revision, '3')
    // Nothing that would change: nothing is written.
    assert.equal((await rename('third', '3')).body.revision, '3')
    const unheld = await Promise.all(['fourth', 'fifth'].map((name) => rename(name)))
    assert.deepEqual(unheld.map(({ body }) => body.revision).sort(), ['4', '5'])
  })

  test('forms come page by page, by their names, which are unique in a service', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    for (const name of ['c', 'a', 'b']) await call('POST', FORMS, { ...REQUEST, name })
    assert.equal((await call('POST', FORMS, { ...REQUEST, name: ' b ' })).body.code, 'name-taken')
    assert.equal((await call('POST', '/services/11/forms', { ...REQUEST, name: 'b' })).status, 200)
    const first = (await call('GET', `${FORMS}?limit=2`)).body
    const second = (await call('GET', `${FORMS}?limit=2&cursor=${first.next}`)).body
    const names = [...first.items, ...second.items].map(({ name }: { name: string }) => name)
    assert.deepEqual([names, second.next], [['a', 'b', 'c'], null])
    const [, b] = first.items
    const taken = await call('PATCH', `${FORMS}/${b.id}`, { name: 'a' })
    assert.deepEqual([taken.body.code, taken.body.field], ['name-taken', 'name'])
  })
})

test('a form that could not work is refused with its field, and nothing is stored', async (t) => {
  const { call } = await startNativeApi(t)
  const [text, choice] = REQUEST.fields as [object, object]
  const texts = (change: object) => ({ texts: { ja: { ...REQUEST.texts.ja, ...change } } })
  const field = (change: object) => ({ fields: [{ ...text, ...change }] })
  const refused: [object, string][] = [
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(51) }, 'name'],
    [{ texts: {} }, 'texts'],
    [{ texts: { fr: { title: 'x' } } }, 'texts.fr'],
    [texts({ title: ' ' }), 'texts.ja.title'],
    [texts({ title: 'a\nb' }), 'texts.ja.title'],
    [texts({ lead: 'x'.repeat(2_001) }), 'texts.ja.lead'],
    [texts({ lead: 'a\0' }), 'texts.ja.lead'],
    [texts({ mailSubject: 'a\r\nBcc: b@example.com' }), 'texts.ja.mailSubject'],
    [texts({ html: '<b>' }), 'texts.ja.html'],
    [{ fields: Array(21).fill(text) }, 'fields'],
    [{ fields: [text, text] }, 'fields[1].attribute'],
    [field({ attribute: '' }), 'fields[0].attribute'],
    [field({ type: 'file' }), 'fields[0].type'],
    [field({ label: { en: 'Name' } }), 'fields[0].label.ja'],
    [field({ type: 'choice' }), 'fields[0].choices'],
    [{ fields: [{ ...choice, type: 'date' }] }, 'fields[0].choices'],
    [
      { fields: [{ ...choice, choices: Array(2).fill({ value: 'a', label: { ja: 'A' } }) }] },
      'fields[0].choices[1].value',
    ],
    [{ fields: [{ ...choice, choices: [{ value: 'a', label: {} }] }] }, 'fields[0].choices[0].label.ja'],
    [{ redirectUrl: 'http://www.example.com/' }, 'redirectUrl'],
    [{ redirectUrl: 'javascript:alert(1)' }, 'redirectUrl'],
    [{ redirectUrl: 'https://user@www.example.com/' }, 'redirectUrl'],
    [{ embedOrigins: ['*'] }, 'embedOrigins[0]'],
    [{ embedOrigins: ['https://*.example.com'] }, 'embedOrigins[0]'],
    [{ embedOrigins: ['https://www.example.com/page'] }, 'embedOrigins[0]'],
    [{ embedOrigins: ['http://www.example.com'] }, 'embedOrigins[0]'],
    [{ embedOrigins: ["https://a.example; script-src 'none'"] }, 'embedOrigins[0]'],
    [{ sender: 'nobody@example.com' }, 'sender'],
    [{ sender: 'shop@example.com' }, 'sender'],
    [{ doubleOptIn: 'no' }, 'doubleOptIn'],
    [{ colour: 'red' }, 'colour'],
  ]
  for (const [change, at] of refused) {
    const { status, body } = await call('POST', FORMS, { ...REQUEST, ...change })
    assert.deepEqual([status, body.field], [at === 'sender' ? 404 : 400, at], JSON.stringify(change))
  }
  const inBoth = { ja: REQUEST.texts.ja, en: { title: 'Newsletter' } }
  const { body } = await call('POST', FORMS, { ...REQUEST, texts: inBoth })
  assert.deepEqual(
    body.errors.map(({ field }: { field: string }) => field),
    [
      'texts.en.consent',
      'fields[0].label.en',
      'fields[1].label.en',
      ...[0, 1].map((index) => `fields[1].choices[${index}].label.en`),
    ],
  )
  assert.deepEqual((await call('GET', FORMS)).body.items, [])

  const { id } = (await call('POST', FORMS, REQUEST)).body
  const change = await call('PATCH', `${FORMS}/${id}`, { revision: '1', texts: inBoth })
  assert.equal(change.body.field, 'texts.en.consent')
  assert.equal((await call('GET', `${FORMS}/${id}`)).body.revision, '1')
})

test('a form that asks to confirm needs a sender of its service to ask from', async (t) => {
  const { call } = await startNativeApi(t)
  const site = { authorization: `Bearer ${STRANGER_KEY}` }
  const without = await call('POST', '/services/20/forms', REQUEST, site)
  assert.deepEqual([without.status, without.body.field], [400, 'doubleOptIn'])
  for (const change of [{ active: false }, { doubleOptIn: false, name: 'at once' }]) {
    const { status } = await call('POST', '/services/20/forms', { ...REQUEST, ...change }, site)
    assert.equal(status, 200)
  }
})

test('who may only view cannot change, and another site sees nothing', async (t) => {
  const { call } = await startNativeApi(t)
  const { id } = (await call('POST', FORMS, REQUEST)).body
  const as = (key: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    call(method, path, body, { authorization: `Bearer ${key}` })
  const one = `${FORMS}/${id}`
  assert.equal((await as(VIEWER_KEY, 'GET', one)).status, 200)
  assert.equal((await as(VIEWER_KEY, 'POST', FORMS, { ...REQUEST, name: 'x' })).status, 403)
  assert.equal((await as(VIEWER_KEY, 'PATCH', one, { name: 'x' })).status, 403)
  assert.equal((await as(VIEWER_KEY, 'DELETE', one)).status, 403)
  assert.equal((await as(STRANGER_KEY, 'GET', one)).status, 404)
  for (const method of ['GET', 'DELETE'] as const) {
    assert.equal((await as(STRANGER_KEY, method, `/services/20/forms/${id}`)).body.code, 'unknown-form')
  }
  assert.equal((await call('GET', `/services/11/forms/${id}`)).body.code, 'unknown-form')
})
