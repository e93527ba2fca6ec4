import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { it } from 'node:test'
import { createImportSubscribers } from '../../../src/subscribers/import/import-subscribers.ts'
import { searchSubscribers } from '../../../src/subscribers/search.ts'
import { NOBODY_ERASED } from '../../../src/suppression/erased/erased.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { type Lifetime, tempDir } from '../../support/temp-dir.ts'
import { person, START, someSubscribers } from '../some-subscribers.ts'

/** 「メールアドレス,name」 and 「taro@example.jp,太郎」 in Shift_JIS. */
const SHIFT_JIS = Buffer.concat([
  Buffer.from('8381815b838b83418368838c8358', 'hex'),
  Buffer.from(',name\r\n'),
  Buffer.from('taro@example.jp,'),
  Buffer.from('91be9859', 'hex'),
  Buffer.from('\r\n'),
])

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  const begin = async (t: Lifetime) => {
    const world = await someSubscribers(database())
    const directory = join(tempDir(t), 'uploads')
    const importSubscribers = createImportSubscribers({
      database: database(),
      erased: NOBODY_ERASED,
      clock: world.clock,
      directory,
    })
    return {
      ...world,
      directory,
      importing: (content: string | Buffer, given: object = {}) =>
        importSubscribers(Readable.from([Buffer.from(content)]), {
          ...{ service: world.service, membership: 'joined' },
          ...given,
        }),
      found: async () =>
        (await searchSubscribers(database(), { service: world.service, limit: 1_000 })).items,
    }
  }

  it('a file registers its rows, replaces what it names, reports the bad ones, and lifts nobody off any list', async (t) => {
    const { importing, found, join: joining, service, stopOnEvery, excludedBy, directory } = await begin(t)
    await joining({
      ...{ service, recipient: person('known@example.jp'), via: 'form' },
      data: { userIds: ['old'], attributes: { kept: true } },
    })
    await stopOnEvery('known@example.jp')
    const imported = await importing(
      '\ufeffuser_id,メールアドレス,user_id\r\n"1","Known@example.jp",2\r\n\r\n,b@example.jp,\r\nx,"no ""body""",y\r\n,,\r\n3,b@example.jp,\r\n',
    )
    assert.deepEqual(
      [imported.encoding, imported.rows, imported.imported, imported.rejects],
      [
        ...['utf-8', 5, 3],
        [
          { number: 5, text: 'x,no "body",y', reason: ['malformed-address'] },
          { number: 6, text: ',,', reason: ['no-address'] },
        ],
      ],
    )
    const people = (await found()).map(({ address, userIds, attributes, via }) => ({
      address,
      userIds,
      attributes,
      via,
    }))
    assert.deepEqual(people, [
      { address: 'b@example.jp', userIds: ['3'], attributes: {}, via: 'import' },
      { address: 'Known@example.jp', userIds: ['1', '2'], attributes: { kept: true }, via: 'form' },
    ])
    assert.equal((await excludedBy('known@example.jp')).length, 5)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('a row that is more than a subscriber may be is told from others', async (t) => {
    const { importing } = await begin(t)
    const long = (letters: number) => 'x'.repeat(letters)
    const rows = [
      `b@example.jp,${long(256)},`,
      `c@example.jp,,${long(1_001)}`,
      `d@example.jp,${long(4_100)},`,
    ]
    const { imported, rejects } = await importing(`email,user_id,memo\na@example.jp,1,\n${rows.join('\n')}`)
    assert.equal(imported, 1)
    assert.deepEqual(
      rejects.map(({ reason }) => reason),
      [['unfit-user-ids'], ['unfit-attribute', 'memo'], ['long-row', '4096']],
    )
  })

  it('Shift_JIS is read as such, and other columns are attributes', async (t) => {
    const { importing, found } = await begin(t)
    const { encoding, imported } = await importing(SHIFT_JIS)
    assert.deepEqual([encoding, imported], ['shift_jis', 1])
    assert.deepEqual((await found())[0]?.attributes, { name: '太郎' })
  })

  it('without a header the first column is the address, and who left joins or leaves as the file is meant', async (t) => {
    const { importing, found, time } = await begin(t)
    await importing('a@example.jp\nb@example.jp,whatever\n', { membership: 'left' })
    time.now += 5
    await importing('b@example.jp')
    assert.deepEqual(
      (await found()).map(({ address, membership, since, userIds, attributes }) => [
        address,
        membership,
        since,
        userIds,
        attributes,
      ]),
      [
        ['a@example.jp', 'left', START, [], {}],
        ['b@example.jp', 'joined', START + 5, [], {}],
      ],
    )
  })

  it('a thousand rows and more are carried out, the last of those with one address counting', async (t) => {
    const { importing, found } = await begin(t)
    const rows = Array.from({ length: 1_200 }, (_, index) => `p${index % 700}@example.jp,${index}`)
    const { imported } = await importing(`email,n\n${rows.join('\n')}`)
    assert.equal(imported, 1_200)
    const people = await found()
    assert.equal(people.length, 700)
    const last = new Map(people.map(({ address, attributes }) => [address, attributes['n']]))
    assert.deepEqual([last.get('p0@example.jp'), last.get('p600@example.jp')], ['700', '600'])
  })

  it('a row of 4,096 bytes is taken, and one more is too many', async (t) => {
    const { importing } = await begin(t)
    const row = (octets: number) =>
      `a@example.jp,${'あ'.repeat(300)},${'x'.repeat(1_000)},${'y'.repeat(1_000)},${'z'.repeat(octets - 1_000 - 1_000 - 900 - 16)}`
    const head = 'email,a,b,c,d\n'
    assert.equal(Buffer.byteLength(row(3_900)), 3_900)
    assert.equal((await importing(head + row(3_900))).imported, 1)
    const wide = `email\na@example.jp,${'x'.repeat(4_096 - 13)}\nb@example.jp,${'x'.repeat(4_097 - 13)}\n`
    assert.deepEqual(
      (await importing(wide)).rejects.map(({ number, reason }) => [number, reason]),
      [[3, ['long-row', '4096']]],
    )
  })

  it('a file that is not as it should be changes nothing, and its error names what is wrong', async (t) => {
    const { importing, found } = await begin(t)
    const mistakes: [string | Buffer, RegExp][] = [
      ['', /the file is empty/],
      ['メールアドレス\n', /no data rows/],
      [
        'email,メールアドレス\na@example.jp,b@example.jp\n',
        /row 1, the header, has two columns of addresses/,
      ],
      ['email,x,x\na@example.jp,1,2\n', /row 1, the header, has two columns named x/],
      ['email\na@example.jp\n"b@example.jp\n', /row 3: a quote is opened and never closed/],
      ['email\na@example.jp\n\0\n', /NUL/],
      [
        Buffer.from('a@example.jp\n\xff\xfe\xff', 'latin1'),
        /the file is neither UTF-8 nor Shift_JIS: see byte 14/,
      ],
      [
        `email\n${'nobody\n'.repeat(10_001)}`,
        /more than 10000 rows cannot be taken as subscribers: see row 10002/,
      ],
      [`email\n${'a@example.jp\n'.repeat(100_001)}`, /^row 100002 is one more than the 100000 data rows/],
      [
        `email,${Array.from({ length: 51 }, (_, index) => `k${index}`).join(',')}\na@example.jp\n`,
        /row 1, the header: attributes must be at most 50/,
      ],
    ]
    for (const [content, message] of mistakes)
      await assert.rejects(importing(content), { name: 'DomainError', message })
    await assert.rejects(importing('a@example.jp', { encoding: 'klingon' }), {
      code: 'invalid-value',
      field: 'encoding',
    })
    assert.deepEqual(await found(), [])
  })
})
