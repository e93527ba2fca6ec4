import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('subscribers, by commands beside a server', () => {
  const life = lifeOfBlock()
  let kaijo: Place['kaijo']
  const subscribers = (verb: string, ...args: string[]) =>
    kaijo(['subscribers', verb, ...args, '--service', 'news'])

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve()
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('registers one, whose mail flows again by it, and shows and lists them', async () => {
    const list = [
      '--service',
      'news',
      '--list',
      'sender:news@example.com',
      '--action',
      'add',
      '--format',
      'text',
    ]
    done(await kaijo(['import', '-', ...list, '--wait'], { input: 'taro@example.jp\n' }))
    const check = ['check', '-', '--service', 'news', '--from', 'news@example.com']
    assert.equal((await kaijo(check, { input: 'taro@example.jp\n' })).stdout, '')
    const data = ['--user-id', '4711', '--user-id', '12', '--attributes', '{"name":"太郎"}']
    const registered = done(await subscribers('register', 'taro@example.jp', ...data))
    assert.equal(registered.stdout, 'taro@example.jp is new, taken off 1 list\n')
    assert.equal(done(await kaijo(check, { input: 'taro@example.jp\n' })).stdout, 'taro@example.jp\n')
    const shown = JSON.parse(done(await subscribers('show', 'taro@example.jp')).stdout)
    assert.deepEqual(
      [shown.userIds, shown.attributes, shown.membership, shown.via],
      [['12', '4711'], { name: '太郎' }, 'joined', 'cli'],
    )
    const listed = done(await subscribers('list', '--user-id', '12', '--contains', 'TARO'))
    assert.match(listed.stdout, /^taro@example\.jp\tjoined\t\S+Z\tcli\t12,4711\n$/)
    assert.equal(done(await subscribers('list', '--membership', 'left')).stdout, '')
  })

  it('takes a file in, and tells which rows are no subscribers', async () => {
    const input = 'メールアドレス,user_id\nhanako@example.jp,77\nnobody,1\n'
    const { stdout, stderr } = done(
      await kaijo(['subscribers', 'import', '-', '--service', 'news'], { input }),
    )
    assert.equal(stdout, '1 of 2 rows imported (utf-8)\n')
    assert.match(stderr, /row 3: this is not a mail address: nobody,1\n/)
    assert.match(
      done(await subscribers('list', '--user-id', '77')).stdout,
      /^hanako@example\.jp\tjoined\t\S+\timport\t77\n$/,
    )
  })

  it('lets them leave and join, and deletes them', async () => {
    assert.match(
      done(await subscribers('edit', 'taro@example.jp', '--leave')).stdout,
      /\tleft\t.*off 0 lists\n$/,
    )
    const joined = done(await subscribers('edit', 'taro@example.jp', '--join', '--json'))
    assert.equal(JSON.parse(joined.stdout).membership, 'joined')
    assert.equal(done(await subscribers('delete', 'taro@example.jp')).stdout, 'deleted\n')
    const gone = await subscribers('show', 'taro@example.jp')
    assert.deepEqual([gone.code, gone.stderr], [2, 'error: address: the service has no such subscriber\n'])
  })
})
