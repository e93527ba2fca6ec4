import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Database } from '../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { PLAIN_LOOK, pageDirectory } from '../../src/tenants/page-directory.ts'
import { updateService } from '../../src/tenants/service.ts'
import { findLogoBytes, removeServiceLogo, setServiceLogo } from '../../src/tenants/service-logo.ts'
import { png } from '../pages/pictures.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

const quiet = { prefix: '', onError: (error: unknown) => assert.fail(String(error)) }

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('knows how the pages of a service look, and that those of others are plain', async () => {
    const database = shared()
    const { service } = await someService(database)
    const pages = pageDirectory({ ...quiet, database, prefix: '/mail' })
    assert.deepEqual(await pages.find(service.id), PLAIN_LOOK)
    assert.equal(await pages.find(999_999), PLAIN_LOOK)

    await updateService(database, service.id, {
      page: { name: 'Acme', accent: '#ffcc00', language: 'ja', texts: { ja: { footer: '連絡先' }, en: {} } },
    })
    const { id } = await setServiceLogo(database, service.id, png(30, 10))
    pages.forget(service.id)
    const { theme, language } = await pages.find(service.id)
    assert.deepEqual(
      [theme.name, theme.accent, theme.footer, language],
      ['Acme', '#ffcc00', { ja: '連絡先' }, 'ja'],
    )
    assert.deepEqual(theme.logo, { path: `/mail/-/logo/${id}`, width: 30, height: 10 })
  })

  it('asks the database once in a while, and not at all while it is away', async () => {
    const database = shared()
    const { service } = await someService(database)
    let reads = 0
    let away = false
    const watched: Database = {
      ...database,
      read: async (statement) => {
        reads += 1
        if (away) throw new DatabaseUnavailable('away')
        return database.read(statement)
      },
    }
    const pages = pageDirectory({ ...quiet, database: watched, rememberedMs: 60_000 })
    assert.equal(pages.remembered(service.id), PLAIN_LOOK)
    await updateService(database, service.id, { page: { name: 'Acme' } })
    const together = await Promise.all([1, 2, 3].map(() => pages.find(service.id)))
    for (const look of [...together, await pages.find(service.id)]) assert.equal(look.theme.name, 'Acme')
    assert.equal(reads, 1)

    away = true
    pages.forget(service.id)
    assert.equal((await pages.find(service.id)).theme.name, 'Acme')
    assert.equal((await pages.find(service.id + 1)).theme.name, null)
    assert.equal(pages.remembered(service.id).theme.name, 'Acme')
    // Nobody waits a second time for what does not answer.
    assert.equal((await pages.find(service.id)).theme.name, 'Acme')
    assert.equal(reads, 3)
    away = false
    pages.forget(service.id)
    await updateService(database, service.id, { page: { name: 'Acme 2' } })
    assert.equal((await pages.find(service.id)).theme.name, 'Acme 2')
  })

  it('shows a page plainly rather than not at all', async () => {
    const database = shared()
    const errors: unknown[] = []
    const broken: Database = { ...database, read: () => Promise.reject(new Error('broken')) }
    const pages = pageDirectory({ database: broken, prefix: '', onError: (error) => errors.push(error) })
    assert.equal(await pages.find(1), PLAIN_LOOK)
    assert.equal(errors.length, 1)
  })

  it('keeps one logo a service, byte for byte, under an id that is made of it', async () => {
    const database = shared()
    const { service } = await someService(database)
    const other = (await someService(database)).service
    const first = await setServiceLogo(database, service.id, png(31, 11))
    assert.deepEqual((await setServiceLogo(database, other.id, png(31, 11))).id, first.id)
    const second = await setServiceLogo(database, service.id, png(40, 10))
    assert.notEqual(second.id, first.id)
    const found = await findLogoBytes(database, second.id)
    assert.deepEqual([found?.type, Buffer.from(found?.bytes ?? []).equals(png(40, 10))], ['image/png', true])
    assert.ok(await findLogoBytes(database, first.id))
    assert.equal(await removeServiceLogo(database, other.id), true)
    assert.equal(await removeServiceLogo(database, other.id), false)
    assert.equal(await findLogoBytes(database, first.id), undefined)
    await assert.rejects(setServiceLogo(database, service.id, Buffer.from('<svg/>')), {
      code: 'invalid-value',
      field: 'logo',
    })
  })
})
