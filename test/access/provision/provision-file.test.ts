import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProvisionFile } from '../../../src/access/provision/provision-file.ts'

test('YAML and JSON say the same', () => {
  const yaml = 'sites: [{ name: acme, services: [{ name: news, senders: [a@example.com] }] }]'
  const json =
    '{"sites":[{"name":"acme","services":[{"name":"news","senders":[{"address":"a@example.com"}]}]}]}'
  assert.deepEqual(readProvisionFile(yaml), readProvisionFile(json))
  assert.deepEqual(readProvisionFile(yaml), readProvisionFile(JSON.parse(json)))
})

test('text that is no YAML is refused with its line and without what stands there', () => {
  const isSafe = (error: Error & { code?: string }) =>
    error.code === 'malformed-body' && /^line 4: /.test(error.message) && !error.message.includes('secret')
  assert.throws(() => readProvisionFile('sites:\n  - name: acme\n    key: "secret-key-1\n'), isSafe)
})

test('aliases that grow without end are refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed'])
    bomb.push(`${name}: &${name} [${`*${before},`.repeat(10)}]`)
  assert.throws(() => readProvisionFile(bomb.join('\n')), { code: 'malformed-body' })
})

test('an empty file is refused', () => {
  assert.throws(() => readProvisionFile(''), { code: 'invalid-value' })
})
