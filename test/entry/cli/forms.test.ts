import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

const FORM = `
name: newsletter
texts:
  ja: { title: メルマガのご登録, consent: プライバシーポリシーに同意します }
fields:
  - { attribute: name, type: text, label: { ja: お名前 } }
doubleOptIn: false
embedOrigins: [https://www.example.com]
`

describe('registration forms, by commands beside a server', () => {
  const life = lifeOfBlock()
  let kaijo: Place['kaijo']
  let publicUrl: string
  let url: string
  const forms = (args: string[], input = '') => kaijo(['forms', ...args, '--service', 'news'], { input })
  const shown = async (name: string) => JSON.parse(done(await forms(['show', name])).stdout)

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    const { started } = await here.serve()
    publicUrl = started.publicUrl
    url = started.url
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('makes one of a file, whose page is open, and lists and shows it by its name or id', async () => {
    const { stdout } = done(await forms(['create', '-'], FORM))
    const [id = '', ...said] = stdout.trim().split('\t')
    assert.deepEqual(said, ['open', 'ja', `${publicUrl}/-/form/${id}`, 'newsletter'])
    assert.equal(done(await forms(['list'])).stdout, stdout)
    assert.deepEqual(await shown(id), await shown('newsletter'))
    assert.equal((await shown('newsletter')).texts.ja.title, 'メルマガのご登録')
  })

  it('gives its HTML, alone and in a frame', async () => {
    const { id } = await shown('newsletter')
    const form = done(await forms(['embed', 'newsletter'])).stdout
    assert.match(form, new RegExp(`<form [^>]*action="${publicUrl}/-/form/${id}`))
    assert.match(done(await forms(['embed', 'newsletter', '--frame'])).stdout, /^<iframe /)
    assert.equal(JSON.parse(done(await forms(['embed', id, '--json'])).stdout).form, form.trimEnd())
    const untold = await forms(['embed', 'newsletter', '--language', 'en'])
    assert.deepEqual(
      [untold.code, untold.stderr],
      [2, 'error: language: the form has no texts in this language\n'],
    )
  })

  it('takes back what it showed, unless somebody else changed the form since', async () => {
    const seen = await shown('newsletter')
    seen.texts.ja.title = '会員登録'
    const changed = done(await forms(['edit', 'newsletter', '-', '--json'], JSON.stringify(seen)))
    assert.equal(JSON.parse(changed.stdout).texts.ja.title, '会員登録')
    const late = await forms(['edit', 'newsletter', '-'], JSON.stringify(seen))
    assert.equal(late.code, 1)
    assert.match(late.stderr, /^error: stdin: .*changed/)
    assert.match(done(await forms(['edit', 'newsletter', '-'], 'active: false')).stdout, /\tclosed\t/)
    const copy = { ...seen, name: 'copy' }
    assert.match(done(await forms(['create', '-'], JSON.stringify(copy))).stdout, /\topen\t.*\tcopy\n$/)
  })

  it('names the file and the field of a mistake, and changes nothing', async () => {
    const mistaken = await forms(['edit', 'newsletter', '-'], 'fields: [{ attribute: a, type: number }]')
    assert.equal(mistaken.code, 2)
    assert.match(mistaken.stderr, /^error: stdin: fields\[0\]\.type: /)
    const list = await forms(['create', '-'], '[1]')
    assert.deepEqual([list.code, list.stderr], [2, 'error: stdin holds no object\n'])
    assert.match(
      (await forms(['create', '-'], 'name: "x')).stderr,
      /^error: stdin is neither YAML nor JSON: /,
    )
    const nobody = await forms(['show', 'nosuch'])
    assert.deepEqual(
      [nobody.code, nobody.stderr],
      [2, 'error: there is no form nosuch; there is copy, newsletter\n'],
    )
    assert.equal((await shown('newsletter')).fields[0].type, 'text')
  })

  it('writes what people agreed to as a file, and deletes a form, whose registrations stay', async () => {
    done(await forms(['edit', 'newsletter', '-'], 'active: true'))
    const { id } = await shown('newsletter')
    const body = new URLSearchParams({ address: 'taro@example.jp', consent: 'yes' })
    const answer = await fetch(`${url}/-/form/${id}?lang=ja`, { method: 'POST', body })
    assert.equal(answer.status, 200)
    assert.equal(done(await forms(['delete', 'newsletter'])).stdout, 'deleted\n')
    assert.equal((await forms(['show', 'newsletter'])).code, 2)
    const { stdout } = done(await kaijo(['export', 'agreements', '--service', 'news']))
    assert.match(
      stdout,
      /^address,agreedAt,[^\r]+\r\ntaro@example\.jp,[^\r]+プライバシーポリシーに同意します/,
    )
  })
})
