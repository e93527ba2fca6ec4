import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readPathCommand } from '../../../src/entry/smtp/path-command.ts'

const read = (line: string) => readPathCommand('rcpt to', Buffer.from(line))

describe('a path', () => {
  it('is read with what follows it', () => {
    assert.deepEqual(read('RCPT TO:<a@b.example>'), { address: 'a@b.example', parameters: '' })
    assert.deepEqual(read('rcpt to: <a@b.example> X=1  Y '), { address: 'a@b.example', parameters: 'X=1  Y' })
    assert.equal(read('RCPT TO:<"a> b\\"c"@d.example>')?.address, '"a> b\\"c"@d.example')
    assert.equal(read('RCPT TO:<@r.example:a@b.example>')?.address, 'a@b.example')
    assert.equal(read('RCPT TO:<>')?.address, '')
  })

  it('is nothing else', () => {
    for (const line of [
      'RCPT TO:a@b.example',
      'RCPT TO:<a@b.example',
      'RCPT TO:<a@b.example>x',
      'RCPT TO:<<a@b.example>>',
      'RCPT <a@b.example>',
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<"a@b.example>',
    ]) {
      assert.equal(read(line), undefined, line)
    }
    assert.equal(readPathCommand('rcpt to', Buffer.from('RCPT TO:<\xe9@b.example>', 'latin1')), undefined)
  })

  it('is read in linear time', () => {
    const start = performance.now()
    read(`RCPT TO:<${'"a'.repeat(8_000)}`)
    read(`RCPT TO:<${'@a,'.repeat(5_000)}>`)
    assert.ok(performance.now() - start < 200)
  })
})
