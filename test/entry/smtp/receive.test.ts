import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { receive, roomFor } from '../../../src/entry/smtp/receive.ts'

const pieces = (text: string, size = 1) => {
  const count = Math.ceil(text.length / size)
  return Readable.from(
    Array.from({ length: count }, (_, index) => Buffer.from(text.slice(index * size, (index + 1) * size))),
  )
}

describe('receiving a message', () => {
  it('joins its pieces, whatever their size, and holds its room until it is released', async () => {
    const room = roomFor(20_000)
    const text = 'abcdefghij'.repeat(1_000)
    const received = await receive(pieces(text), 10_000, room)
    assert.equal(received.kind === 'whole' && received.raw.toString(), text)
    assert.equal(room.take(10_001), false)
    if (received.kind === 'whole') received.release()
    assert.ok(room.take(20_000))
  })

  it('takes a message of exactly the limit, and reads one octet more to its end without holding it', async () => {
    const room = roomFor(1_000_000)
    assert.equal((await receive(pieces('x'.repeat(5_000), 7), 5_000, room)).kind, 'whole')
    const large = pieces('x'.repeat(5_001), 7)
    assert.equal((await receive(large, 5_000, room)).kind, 'too-large')
    assert.ok(large.readableEnded)
    assert.ok(room.take(995_000))
  })

  it('defers a message that there is no room for beside the others', async () => {
    const room = roomFor(8_192)
    const first = await receive(pieces('x'.repeat(4_000), 100), 10_000, room)
    assert.equal(first.kind, 'whole')
    assert.equal((await receive(pieces('x'.repeat(5_000), 100), 10_000, room)).kind, 'no-room')
    if (first.kind === 'whole') first.release()
    assert.equal((await receive(pieces('x'.repeat(5_000), 100), 10_000, room)).kind, 'whole')
  })

  it('gives back its room when the client breaks off', async () => {
    const room = roomFor(4_096)
    const stream = Readable.from(
      (async function* () {
        yield Buffer.from('begun')
        throw new Error('gone')
      })(),
    )
    assert.equal((await receive(stream, 10_000, room)).kind, 'broken-off')
    assert.ok(room.take(4_096))
  })
})
