import assert from 'node:assert/strict'
import { it } from 'node:test'
import { hashOfText } from '../../../src/subscribers/agreements/consent-text.ts'
import { purgeAgreements } from '../../../src/subscribers/agreements/purge-agreements.ts'
import { findAgreements } from '../../../src/subscribers/agreements/read-agreements.ts'
import { createForm, deleteForm, updateForm } from '../../../src/subscribers/forms/form.ts'
import { removeSubscriber } from '../../../src/subscribers/remove.ts'
import type { FormRequest } from '../../../src/tenants/form-rules.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { tracesOf } from '../../storage/traces-of.ts'
import { eraseFrom } from '../../subscribers/erase/erase-from.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant } from '../../support/installation.ts'
import { textOfMail } from '../../support/mail-text.ts'
import { signedIn } from './console/signed-in.ts'
import { PUBLIC, sharedAsking } from './public-form.ts'

const DAY_MS = 86_400_000

const FIRST = '私は、\n個人情報の取り扱いに同意します。'
const REQUEST = {
  name: 'newsletter',
  texts: {
    ja: { title: 'メルマガ登録', consent: FIRST },
    en: { title: 'Newsletter', consent: 'I agree to <b>everything</b>' },
  },
  fields: [],
} satisfies FormRequest

const saying = (consent: string) => ({
  ...{ title: 'x', lead: '', button: '', consent, done: '', mailSubject: '', mailText: '' },
})

forEachEngine(({ name: engine }) => {
  const asking = sharedAsking(engine, { now: Date.now() })
  const installation = () => asking().installation
  let clients = 0

  it('keeps what was agreed to as it stood there, when and from where, though the form is another one by the time it is confirmed', async () => {
    const { service, id, enter, link } = await begin()
    const { database } = installation().capabilities
    const agreedAt = installation().time.now
    assert.equal((await enter('Taro@example.jp', { language: 'ja', from: '192.0.2.7' })).status, 200)
    const confirmation = await link()
    assert.deepEqual(await kept(service.id, 'taro@example.jp'), [])

    const texts = { ja: saying('別の文言') }
    await updateForm(database, service, id, { texts, now: 1 })
    installation().time.now += 60_000
    for (let time = 0; time < 2; time++) await press(confirmation, '198.51.100.9')
    const [agreement, ...others] = await kept(service.id, 'taro@example.jp')
    assert.deepEqual(others, [])
    assert.deepEqual(agreement, {
      form: { id, name: 'newsletter', revision: 1 },
      language: 'ja',
      text: FIRST,
      textHash: hashOfText(FIRST),
      agreedAt,
      origin: { clientAddress: '192.0.2.7', userAgent: null },
      confirmed: { at: agreedAt + 60_000, origin: { clientAddress: '198.51.100.9', userAgent: 'Reader/2' } },
    })
  })

  it('keeps it where nobody is asked to confirm, and which version it was when somebody registers anew', async () => {
    const { service, id, enter } = await begin({ doubleOptIn: false })
    const { database } = installation().capabilities
    await enter('jiro@example.jp', { language: 'en', from: '192.0.2.8' })
    const texts = { ja: saying('二番目'), en: saying('The second') }
    await updateForm(database, service, id, { texts, now: 1 })
    installation().time.now += 1_000
    await enter('JIRO@example.jp', { language: 'en', from: '192.0.2.9' })
    const agreements = await kept(service.id, 'jiro@example.jp')
    assert.deepEqual(
      agreements.map(({ form, language, text, origin, confirmed }) => [
        form.revision,
        ...[language, text, origin?.clientAddress, origin?.userAgent, confirmed],
      ]),
      [
        [2, 'en', 'The second', '192.0.2.9', 'Reader/1', null],
        [1, 'en', 'I agree to <b>everything</b>', '192.0.2.8', 'Reader/1', null],
      ],
    )
  })

  it('keeps each distinct text once, and that a form had none', async () => {
    const { database } = installation().capabilities
    const one = 'One text, in the forms of two services'
    const texts = { en: { title: 'x', consent: one } }
    for (const form of [
      await begin({ doubleOptIn: false, texts }),
      await begin({ doubleOptIn: false, texts }),
    ]) {
      for (const name of ['a', 'b']) await form.enter(`${name}@example.jp`, { language: 'en' })
    }
    const rows = await database.read(
      database.query.selectFrom('consent_text').selectAll().where('text', '=', one),
    )
    assert.deepEqual(
      rows.map(({ hash }) => hash),
      [hashOfText(one)],
    )
    const without = await begin({ doubleOptIn: false, texts: { en: { title: 'x' } } })
    await without.enter('c@example.jp', { language: 'en' })
    const [agreement] = await kept(without.service.id, 'c@example.jp')
    assert.deepEqual([agreement?.text, agreement?.textHash, agreement?.language], [null, null, 'en'])
  })

  it('keeps nothing of whoever did not agree, of programs, and of who never confirmed', async () => {
    const { service, enter } = await begin()
    await enter('saburo@example.jp', { language: 'ja', consent: '' })
    await enter('saburo@example.jp', { language: 'ja', website: 'http://spam.example' })
    await enter('saburo@example.jp', { language: 'ja' })
    assert.deepEqual(await kept(service.id, 'saburo@example.jp'), [])
  })

  it('is told in the history of an address, with a subscriber, and as a file, in the service’s zone', async () => {
    const { service, id, enter } = await begin({ doubleOptIn: false })
    const browser = await signedIn(installation(), `agreements-${engine}@example.com`, {
      siteId: service.siteId,
    })
    const ask = async (call: string) => {
      const json = { address: 'hanako@example.jp' }
      const answer = await browser.fetch(`/api/v1/services/${service.id}/${call}`, { json })
      return (await answer.json()) as { agreements: unknown[] }
    }
    await enter('Hanako@example.jp', { language: 'ja', from: '192.0.2.10' })
    const agreedAt = new Date(installation().time.now)
    const expected = {
      form: { id, name: 'newsletter', revision: 1 },
      ...{ language: 'ja', text: FIRST, textSha256: hashOfText(FIRST), agreedAt: agreedAt.toISOString() },
      origin: { clientAddress: '192.0.2.10', userAgent: 'Reader/1' },
      confirmed: null,
    }
    assert.deepEqual((await ask('timeline')).agreements, [expected])
    assert.deepEqual((await ask('subscribers/read')).agreements, [expected])

    const { database } = installation().capabilities
    await deleteForm(database, service.id, id)
    const file = await browser.fetch(`/api/v1/services/${service.id}/exports/agreements?format=ndjson`)
    assert.deepEqual(JSON.parse(await file.text()), {
      ...{ address: 'Hanako@example.jp', clientAddress: '192.0.2.10', userAgent: 'Reader/1' },
      agreedAt: Temporal.Instant.fromEpochMilliseconds(agreedAt.getTime()).toString({
        timeZone: 'Asia/Tokyo',
        smallestUnit: 'second',
      }),
      ...{ confirmedAt: null, confirmedFrom: null, confirmedUserAgent: null },
      ...{ form: 'newsletter', formId: id, formRevision: 1, language: 'ja' },
      ...{ text: FIRST, textSha256: hashOfText(FIRST) },
    })
    const csv = await (await browser.fetch(`/api/v1/services/${service.id}/exports/agreements`)).text()
    assert.match(csv, /^address,agreedAt,.*\r\nHanako@example\.jp,.*"私は、\n個人情報/s)
    const later = new Date(agreedAt.getTime() + 1).toISOString()
    const none = await browser.fetch(
      `/api/v1/services/${service.id}/exports/agreements?format=ndjson&from=${later}`,
    )
    assert.equal(await none.text(), '')
  })

  it('stays when a subscriber is deleted, and has neither address nor origin when they are erased', async () => {
    const { service, enter } = await begin({ doubleOptIn: false })
    const { capabilities } = installation()
    const { database } = capabilities
    const shiro = { address: 'shiro@example.jp', key: 'shiro@example.jp', domain: 'example.jp' }
    await enter(shiro.address, { language: 'ja', from: '192.0.2.11' })
    await removeSubscriber(database, { service, recipient: shiro })
    assert.equal((await kept(service.id, shiro.key)).length, 1)

    const receipt = await eraseFrom(capabilities, service.siteId, shiro)
    assert.equal(receipt.replaced['agreement'], 1)
    assert.deepEqual(await kept(service.id, shiro.key), [])
    assert.deepEqual(await tracesOf(database, /shiro@|192\.0\.2\.11/i), [])
    const rows = await database.read(
      database.query.selectFrom('agreement').selectAll().where('service_id', '=', service.id),
    )
    assert.deepEqual(
      rows.map(({ text_hash, evidence_json }) => [text_hash, evidence_json]),
      [[hashOfText(FIRST), null]],
    )
    // Whoever knows the address can still show that its reader agreed.
    const browser = await signedIn(installation(), `erasing-${engine}@example.com`, {
      siteId: service.siteId,
    })
    const json = { address: shiro.address }
    const timeline = await browser.fetch(`/api/v1/services/${service.id}/timeline`, { json })
    const { agreements } = (await timeline.json()) as { agreements: { text: string; origin: unknown }[] }
    assert.deepEqual(
      agreements.map(({ text, origin }) => [text, origin]),
      [[FIRST, null]],
    )
  })

  it('goes once it is older than the service keeps evidence, but not as long as they are a member', async () => {
    const { service, enter } = await begin({ doubleOptIn: false })
    const { database } = installation().capabilities
    for (const name of ['left', 'member', 'late']) {
      await enter(`${name}@example.jp`, { language: 'ja' })
      installation().time.now += DAY_MS
    }
    for (const name of ['left', 'late']) {
      const recipient = { address: `${name}@example.jp`, key: `${name}@example.jp` }
      await removeSubscriber(database, { service, recipient })
    }
    const { now } = installation().time
    const purge = () => purgeAgreements(database, now, { batch: 1 })
    assert.equal(await purge(), 0)
    await updateService(database, service.id, { settings: { evidenceDays: 2 } })
    assert.equal(await purge(), 1)
    const left = await Promise.all(
      ['left', 'member', 'late'].map(async (name) => (await kept(service.id, `${name}@example.jp`)).length),
    )
    assert.deepEqual(left, [0, 1, 1])
  })

  const kept = (serviceId: number, ...keys: string[]) =>
    findAgreements(installation().capabilities.database, serviceId, keys)

  async function begin(change: Partial<FormRequest> = {}) {
    const tenant = await addTenant(installation())
    const { service } = tenant
    const { database } = installation().capabilities
    const { id } = await createForm(database, service, { ...REQUEST, ...change, now: 0 })
    const before = asking().sink.messages.length
    return {
      ...{ service, id },
      enter: (
        address: string,
        {
          language,
          from,
          ...entered
        }: { language: string; from?: string; consent?: string; website?: string },
      ) => {
        clients += 1
        return fetch(`${installation().url}/-/form/${id}?lang=${language}`, {
          method: 'POST',
          body: new URLSearchParams({ consent: 'yes', ...entered, address }),
          headers: {
            'x-forwarded-for': from ?? `203.0.113.${clients}`,
            'user-agent': 'Reader/1',
          },
        })
      },
      link: async () => {
        const message = (await asking().sink.waitFor(before + 1)).at(-1)
        const { text } = textOfMail(message?.raw ?? Buffer.alloc(0))
        return /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(text)?.[0] ?? ''
      },
    }
  }

  async function press(link: string, from: string): Promise<void> {
    const headers = { 'x-forwarded-for': from, 'user-agent': 'Reader/2' }
    const pressed = await fetch(link.replace(PUBLIC, installation().url), { method: 'POST', headers })
    assert.equal(pressed.status, 200)
  }
})
