import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeConfig } from '../../src/config/describe-config.ts'
import { toMasterKey } from '../../src/config/master-key.ts'
import { VARIABLES } from '../../src/config/read-env.ts'
import { toConfig } from '../../src/config/to-config.ts'

describe('a described configuration', () => {
  it('has a line for every setting, in their order', () => {
    const described = describeConfig(toConfig({}))
    assert.deepEqual(Object.keys(described), [...VARIABLES])
    assert.equal(described.KAIJO_RELAY_URL, 'none: mail is kept and can be read back')
    assert.match(described.KAIJO_DATABASE_URL, /^SQLite in .*kaijo\.db$/)
    assert.equal(described.KAIJO_SERVICES, 'http, smtp, inbound, worker')
  })

  it('masks passwords and names keys by their ids', () => {
    const bytes = Buffer.alloc(32, 9)
    const described = describeConfig(
      toConfig({
        KAIJO_DATABASE_URL: 'postgres://kaijo:topsecret@db/kaijo?sslpassword=topsecret&sslmode=require',
        KAIJO_RELAY_URL: 'smtps://us%40er:topsecret@relay.example.com',
        KAIJO_SECRET_KEYS: bytes.toString('hex'),
      }),
    )
    assert.equal(
      described.KAIJO_DATABASE_URL,
      'postgres://kaijo:***@db/kaijo?sslpassword=***&sslmode=require',
    )
    assert.equal(described.KAIJO_RELAY_URL, 'smtps://us%40er:***@relay.example.com:465')
    assert.equal(described.KAIJO_SECRET_KEYS, toMasterKey(bytes).id)
    assert.doesNotMatch(JSON.stringify(described), /topsecret|0909/)
  })
})
