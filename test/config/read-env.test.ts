import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readEnv } from '../../src/config/read-env.ts'

describe('reading the environment', () => {
  it('takes only what is Kaijo’s and drops blanks around it', () => {
    const env = {
      PATH: '/bin',
      KAIJO_DATA_DIR: ' /srv/kaijo\n',
      KAIJO_TEST_POSTGRES: 'x',
      kaijo_data_dir: 'y',
    }
    assert.deepEqual(readEnv(env), { raw: { KAIJO_DATA_DIR: '/srv/kaijo' }, mistakes: [] })
  })

  it('takes an empty value for an unset one', () => {
    assert.deepEqual(readEnv({ KAIJO_RELAY_URL: '', KAIJO_SERVICES: '  ' }), { raw: {}, mistakes: [] })
  })

  const misspelt: Array<[name: string, message: string]> = [
    ['KAIJO_DATADIR', 'is not a setting; did you mean KAIJO_DATA_DIR?'],
    ['KAIJO_LISTEN_HTTP', 'is not a setting'],
    ['KAIJO_DATABASE', 'is not a setting; did you mean KAIJO_DATABASE_URL?'],
    ['KAIJO_TLS_KEY_FILE', 'is not a setting; did you mean KAIJO_TLS_KEY?'],
    ['KAIJO_TLS', 'is not a setting'],
    ['KAIJO_FAVOURITE_COLOUR', 'is not a setting'],
    ['KAIJO_', 'is not a setting'],
  ]
  for (const [name, message] of misspelt) {
    it(`says of ${name} that it ${message}`, () => {
      assert.deepEqual(readEnv({ [name]: '1' }).mistakes, [{ variable: name, message }])
    })
  }
})
