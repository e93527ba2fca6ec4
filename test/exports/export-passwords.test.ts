import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { createExportPasswords } from '../../src/exports/export-passwords.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)
  const stored = () => database().read(database().query.selectFrom('export_password').selectAll())

  it('keeps a password sealed, tells whether there is one, and lets it be replaced and taken away', async () => {
    const passwords = createExportPasswords(database(), someKeyring('one'))
    assert.deepEqual([await passwords.find(1), await passwords.isSet(1)], [undefined, false])
    assert.equal(await passwords.set(1, 'open-sesame'), true)
    assert.equal(await passwords.set(1, 'open-sesame'), false)
    assert.deepEqual([await passwords.find(1), await passwords.isSet(1)], ['open-sesame', true])
    assert.ok(!JSON.stringify(await stored()).includes('sesame'))
    assert.equal(await passwords.set(1, 'open-barley'), true)
    assert.equal(await passwords.find(1), 'open-barley')
    assert.equal(await passwords.set(1, null), true)
    assert.equal(await passwords.set(1, null), false)
    assert.equal(await passwords.find(1), undefined)
  })

  it('is sealed anew with the newest key', async () => {
    const keyring = someKeyring('one')
    const passwords = createExportPasswords(database(), keyring)
    await passwords.set(2, 'open-sesame')
    assert.equal(await passwords.reseal(), 0)
    keyring.add({ id: 'two', bytes: randomBytes(32) })
    assert.equal(await passwords.reseal(), 1)
    assert.match((await stored()).find(({ service_id }) => service_id === 2)?.sealed_password ?? '', /^two\./)
    assert.equal(await passwords.find(2), 'open-sesame')
    await passwords.set(2, null)
  })

  it('rejects rather than take an unreadable password for none', async () => {
    await createExportPasswords(database(), someKeyring('one')).set(3, 'open-sesame')
    const other = createExportPasswords(database(), someKeyring('another'))
    await assert.rejects(other.find(3), /unknown key one/)
    assert.equal(await other.isSet(3), true)
    assert.equal(await other.set(3, 'open-barley'), true)
    assert.equal(await other.find(3), 'open-barley')
  })
})

function someKeyring(id: string): Keyring {
  return new Keyring([{ id, bytes: randomBytes(32) }])
}
