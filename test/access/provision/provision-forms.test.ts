import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findForms, updateForm } from '../../../src/subscribers/forms/form.ts'
import { findService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { service, setUp } from './provisioning.ts'

const LETTER = {
  name: 'letter',
  texts: { ja: { title: 'メルマガ登録', consent: '同意します' } },
  fields: [{ attribute: 'name', type: 'text', label: { ja: 'お名前' } }],
}

forEachEngine((engine) => {
  test('a registration form is made with its public page, and a repeat changes nothing', async (t) => {
    const { database, apply, actions, details } = await setUp(engine, t)
    const file = service({
      senders: ['news@example.com'],
      forms: [{ ...LETTER, sender: 'news@example.com' }],
    })
    const { sites } = await apply(file)
    const [form] = await findForms(database, 10)
    assert.deepEqual(sites[0]?.services[0]?.forms, [
      { name: 'letter', id: form?.id, url: `https://u.example/-/form/${form?.id}` },
    ])
    assert.deepEqual(
      [form?.active, form?.doubleOptIn, form?.sender, form?.texts.ja?.consent, form?.fields[0]?.required],
      [true, true, 'news@example.com', '同意します', false],
    )
    assert.deepEqual((await apply(file)).sites, sites)
    assert.deepEqual(await findForms(database, 10), [form])
    assert.deepEqual(actions.slice(2), ['sender.register news@example.com', 'form.create letter'])
    assert.equal(details.at(-1)?.['id'], form?.id)
  })

  test('what a file does not say of a form stays as people made it, and forms that it does not name stay', async (t) => {
    const { database, apply, actions } = await setUp(engine, t)
    const senders = ['news@example.com']
    await apply(service({ senders, forms: [LETTER, { ...LETTER, name: 'other' }] }))
    const [letter, other] = await findForms(database, 10)
    const news = await findService(database, 10)
    await updateForm(database, news, letter?.id ?? '', { active: false, now: 2_000 })
    const before = actions.length
    await apply(service({ forms: [LETTER] }))
    assert.deepEqual(actions.slice(before), [])
    await apply(service({ forms: [{ name: 'letter', redirectUrl: 'https://www.example.com/thanks' }] }))
    assert.deepEqual(actions.slice(before), ['form.update letter'])
    const [changed, untouched] = await findForms(database, 10)
    assert.deepEqual(
      [changed?.id, changed?.active, changed?.redirectUrl, changed?.fields.length],
      [letter?.id, false, 'https://www.example.com/thanks', 1],
    )
    assert.deepEqual(untouched, other)
  })

  test('every mistake in a form is told at once, and nothing is changed', async (t) => {
    const { database, apply, actions, refused } = await setUp(engine, t)
    const senders = ['news@example.com']
    const path = 'sites[0].services[0].forms'
    assert.deepEqual(
      await refused(
        service({
          senders,
          forms: [
            { name: 'a', colour: 'red' },
            { ...LETTER, name: '' },
          ],
        }),
      ),
      [`unknown-field ${path}[0].colour`, `invalid-value ${path}[1].name`],
    )
    assert.deepEqual(
      await refused(
        service({
          senders,
          forms: [
            { name: 'none' },
            { ...LETTER, name: 'no label', fields: [{ attribute: 'x', type: 'text', label: {} }] },
            { ...LETTER, sender: 'other@example.com' },
            LETTER,
          ],
        }),
      ),
      [
        `invalid-value ${path}[3].name`,
        `invalid-value ${path}[0].texts`,
        `invalid-value ${path}[1].fields[0].label.ja`,
        `unknown-sender ${path}[2].sender`,
      ],
    )
    assert.deepEqual(await refused(service({ forms: [LETTER] })), [`invalid-value ${path}[0].doubleOptIn`])
    assert.deepEqual(actions, [])

    await apply(service({ senders, forms: [LETTER] }))
    const before = await findForms(database, 10)
    const english = { name: 'letter', texts: { ja: LETTER.texts.ja, en: { title: 'Letter' } } }
    assert.deepEqual(await refused(service({ forms: [english] })), [
      `invalid-value ${path}[0].texts.en.consent`,
      `invalid-value ${path}[0].fields[0].label.en`,
    ])
    assert.deepEqual(await findForms(database, 10), before)
  })
})
