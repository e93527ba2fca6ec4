import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTags } from '../../src/mail/tag-list.ts'

test('tags are read in lower case, values without the blanks that long keys are published with', () => {
  assert.deepEqual(
    [...readTags(' V = DKIM1 ; k=rsa;p=MIG f\r\n MA=; nonsense ;t=')],
    [
      ['v', 'DKIM1'],
      ['k', 'rsa'],
      ['p', 'MIGfMA='],
      ['t', ''],
    ],
  )
})
