import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createRoom } from '../../../src/dialects/arara-v1/room.ts'

it('who finds no room waits for it, first come, first served', async () => {
  const room = createRoom(10, 60_000)
  const leave = await room(8)
  const entered: string[] = []
  const large = room(5).then((leaves) => {
    entered.push('large')
    return leaves
  })
  const small = room(1).then(() => entered.push('small'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(entered, [])
  leave()
  leave()
  await Promise.all([large, small])
  assert.deepEqual(entered, ['large', 'small'])
  await room(4)
})

it('who waits too long is told so, and lets those behind through', async () => {
  const room = createRoom(10, 20)
  await room(8)
  const behind = room(5).catch(({ code }) => code)
  assert.equal(await behind, 'unavailable')
  await room(2)
})
