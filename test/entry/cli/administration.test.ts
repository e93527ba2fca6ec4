import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('what a service has and who may use it, by commands beside a server', () => {
  const life = lifeOfBlock()
  let kaijo: Place['kaijo']
  let url: string

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    url = (await here.serve()).started.url
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  const ofService = (args: string[], input = '') => kaijo([...args, '--service', 'news'], { input })

  it('stops addresses, tells why they are excluded and since when, and resumes them', async () => {
    const list = ['--list', 'blocklist']
    const stopped = done(await ofService(['stop', ...list, 'taro@example.jp', 'nobody']))
    assert.deepEqual(
      [stopped.stdout, stopped.stderr],
      ['1 stopped, 0 excluded already, 1 malformed\n', 'warning: nobody is not a mail address\n'],
    )
    const again = done(await ofService(['stop', ...list, '--file', '-'], 'taro@example.jp\n'))
    assert.equal(again.stdout, '0 stopped, 1 excluded already, 0 malformed\n')
    const told = done(await ofService(['timeline', 'taro@example.jp'])).stdout
    assert.match(told, /^excluded by blocklist: blocked, since \S+Z\n\S+Z\tstop\tblocklist\tblocked\tcli\n$/)
    done(await ofService(['resume', ...list, 'taro@example.jp']))
    assert.match(done(await ofService(['timeline', 'taro@example.jp'])).stdout, /^not excluded by a list\n/)
    assert.equal((await ofService(['stop', ...list, 'nobody'])).code, 2)
  })

  it('registers senders and lists them', async () => {
    done(await ofService(['senders', 'register', 'tips@example.com', '--stop-list-only']))
    const listed = done(await ofService(['senders', 'list']))
      .stdout.trim()
      .split('\n')
    assert.deepEqual(
      listed.map((line) => line.split('\t').slice(0, 2)),
      [
        ['news@example.com', 'one-click'],
        ['shop@example.com', 'stop list only'],
        ['tips@example.com', 'stop list only'],
      ],
    )
  })

  it('makes, tries, changes and deletes filters', async () => {
    const rule = ['--header', 'Subject', '--match', 'regex', '--pattern', '^Tip of', '--position', '0']
    done(await ofService(['filters', 'create', 'tips', ...rule]))
    const names = async () =>
      done(await ofService(['filters', 'list']))
        .stdout.trim()
        .split('\n')
        .map((line) => line.split('\t').slice(0, 2))
    assert.deepEqual(await names(), [
      ['0', 'tips'],
      ['1', '配信リストA'],
    ])
    const attempt = ['filters', 'try', '--from', 'news@example.com', '--header', 'Subject: Tip of today']
    assert.equal(
      done(await ofService(attempt)).stdout,
      'matches\ttips\nno-header\t配信リストA\nlink\tfilter:tips\n',
    )
    // Any value of a header that occurs several times counts.
    const several = done(await ofService([...attempt, '--header', 'Subject: Something else'])).stdout
    assert.match(several, /^matches\ttips$/m)
    done(await ofService(['filters', 'edit', 'tips', '--name', 'hints', '--pattern', '^Hint']))
    const mail = 'From: news@example.com\r\nSubject: Tip of today\r\n\r\n'
    const tried = done(await ofService(['filters', 'try', '--raw', '-', '--json'], mail)).stdout
    assert.equal(JSON.parse(tried).link, 'sender:news@example.com')
    done(await ofService(['filters', 'delete', 'hints']))
    const gone = await ofService(['filters', 'delete', 'hints'])
    assert.deepEqual([gone.code, gone.stderr], [2, 'error: there is no filter hints\n'])
  })

  it('sets and shows error counts, which exclude from the threshold on', async () => {
    const set = done(await ofService(['error-counts', 'set', '5', 'saburo@example.jp', 'shiro@example.jp']))
    assert.equal(set.stdout, '2 set to 5\n')
    const shown = done(
      await ofService(['error-counts', 'show', 'saburo@example.jp', 'goro@example.jp']),
    ).stdout
    assert.match(shown, /^saburo@example\.jp\t5\t\S+Z\n$/)
    assert.match(done(await ofService(['timeline', 'saburo@example.jp'])).stdout, /^excluded by hard-bounces/)
    const wrong = await ofService(['error-counts', 'set', '100', 'saburo@example.jp'])
    assert.equal(wrong.code, 2)
  })

  it('makes an API user, whose key works until another one has taken its place, and revokes it', async () => {
    const asked = async (key: string) =>
      (await fetch(`${url}/api/v1/services`, { headers: { authorization: `Bearer ${key}` } })).status
    const site = JSON.parse(done(await kaijo(['api-users', 'list', '--json'])).stdout).items.find(
      ({ name }: { name: string }) => name === 'api@acme.example',
    ).siteId
    const grants = ['--site', String(site), '--service', 'news', '--permission', 'view']
    const created = done(await kaijo(['api-users', 'create', 'batch@acme.example', ...grants]))
    assert.match(created.stderr, /^the key of batch@acme\.example, shown now and never again\n$/)
    const first = created.stdout.trim()
    const rotate = ['api-users', 'rotate', 'batch@acme.example']
    const second = done(await kaijo([...rotate, '--overlap-hours', '1'])).stdout.trim()
    assert.deepEqual([await asked(first), await asked(second)], [200, 200])
    done(await kaijo(['api-users', 'end-previous-key', 'batch@acme.example']))
    assert.deepEqual([await asked(first), await asked(second)], [401, 200])
    done(await kaijo(['api-users', 'revoke', 'batch@acme.example']))
    assert.equal(await asked(second), 401)
    const unclear = await kaijo(['api-users', 'create', 'x@acme.example'])
    assert.match(
      unclear.stderr,
      /^error: siteId: is needed: the number of a site, such as 1 \(.*\), 2 \(acme\)$/m,
    )
  })

  it('tells who did what, and writes it out', async () => {
    const listed = done(await kaijo(['audit', 'list', '--action', 'api-user.revoke'])).stdout
    assert.match(listed, /^\S+Z\toperator\tapi-user\.revoke\tbatch@acme\.example\t\{.*\}\n$/)
    const none = done(await kaijo(['audit', 'list', '--to', '2020-01-01'])).stdout
    assert.equal(none, '')
    const file = done(await kaijo(['audit', 'export', '--subject', 'batch@', '--json'])).stdout
    const actions = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).action)
    assert.deepEqual(
      // Which of its keys was used is written down when it is, and by the way.
      actions.filter((action) => action !== 'api-user.sign-in'),
      ['api-user.revoke', 'api-user.end-previous-key', 'api-user.rotate', 'api-user.create'],
    )
  })
})
