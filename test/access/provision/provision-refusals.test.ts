import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSenders } from '../../../src/tenants/sender.ts'
import { findService, findServices } from '../../../src/tenants/service.ts'
import { findSites } from '../../../src/tenants/site.ts'
import { forEachEngine } from '../../support/engines.ts'
import { FILE, service, setUp } from './provisioning.ts'

forEachEngine((engine) => {
  test('a one-click sender cannot be switched off, and nothing else of the file is done', async (t) => {
    const { database, apply, refused } = await setUp(engine, t)
    await apply(FILE)
    const file = service({
      timeZone: 'Europe/Paris',
      senders: ['new@example.com', { address: 'news@example.com', oneClick: false }],
    })
    assert.deepEqual(await refused(file), ['sender-is-permanent sites[0].services[0].senders[1].oneClick'])
    assert.equal((await findService(database, 10)).timeZone, 'Asia/Tokyo')
    assert.equal((await findSenders(database, 10)).length, 2)
  })

  test('every mistake is told at once with its path, and nothing is stored', async (t) => {
    const { database, refused } = await setUp(engine, t)
    const file = {
      sites: [
        {
          id: 0,
          name: 'acme',
          colour: 'red',
          apiUsers: [
            { name: 'a:b', key: 'vendor-key-1' },
            { name: 'api', key: 'short', role: 'admin', permissions: ['fly'] },
          ],
          services: [
            {
              name: 'ne\nws',
              timeZone: 'Asia/Atlantis',
              lifetimeDays: { sender: 0, filter: 1.5, hardBounces: null, spam: 3 },
              allowedDomains: ['not a domain', 'localhost'],
              senders: ['nobody', { address: 'a@example.com', oneclick: false }],
              filters: [
                { name: 'f', header: 'List Id', pattern: '(', match: 'exact' },
                { name: 'g', header: 'List-Id', pattern: '(', match: 'regex' },
              ],
            },
          ],
        },
      ],
    }
    const path = 'sites[0].services[0]'
    assert.deepEqual((await refused(file)).sort(), [
      'invalid-value sites[0].apiUsers[0].name',
      'invalid-value sites[0].apiUsers[1].key',
      'invalid-value sites[0].apiUsers[1].permissions[0]',
      'invalid-value sites[0].apiUsers[1].role',
      'invalid-value sites[0].id',
      `invalid-value ${path}.allowedDomains[0]`,
      `invalid-value ${path}.allowedDomains[1]`,
      `invalid-value ${path}.filters[0].header`,
      `invalid-value ${path}.filters[1].pattern`,
      `invalid-value ${path}.lifetimeDays.filter`,
      `invalid-value ${path}.lifetimeDays.sender`,
      `invalid-value ${path}.name`,
      `invalid-value ${path}.senders[0].address`,
      `invalid-value ${path}.timeZone`,
      'unknown-field sites[0].colour',
      `unknown-field ${path}.lifetimeDays.spam`,
      `unknown-field ${path}.senders[1].oneclick`,
    ])
    assert.deepEqual([await findSites(database), await findServices(database)], [[], []])
  })

  test('what the file names twice, or another site has, is refused', async (t) => {
    const { apply, refused } = await setUp(engine, t)
    await apply(FILE)
    assert.deepEqual(
      await refused({
        sites: [
          { name: 'other', apiUsers: [{ name: 'api@acme.example', key: 'vendor-key-2' }] },
          { name: 'other', services: [{ name: 'news' }, { id: 10, name: 'mine' }] },
          { id: 2, name: 'acme', apiUsers: [{ name: 'new', services: ['nowhere'] }] },
        ],
      }),
      [
        'invalid-value sites[1].name',
        'name-taken sites[0].apiUsers[0].name',
        'name-taken sites[1].services[0].name',
        'invalid-value sites[1].services[1].id',
        'invalid-value sites[2].id',
        'invalid-value sites[2].apiUsers[0].key',
        'unknown-service sites[2].apiUsers[0].services[0]',
      ],
    )
    assert.deepEqual(
      await refused(
        service({
          senders: ['a@example.com', { address: 'A@EXAMPLE.com', oneClick: false }],
          filters: [
            { name: 'f', header: 'A', pattern: 'a' },
            { name: 'f', header: 'B', pattern: 'b' },
          ],
        }),
      ),
      [
        'invalid-value sites[0].services[0].senders[1].address',
        'invalid-value sites[0].services[0].filters[1].name',
      ],
    )
  })
})
