import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.ts'
import { type Customer, customer } from './customer.ts'
import { oneClickPost, sendRaw } from './one-click-post.ts'
import type { Program } from './program.ts'
import type { ReceivedMail, Sink } from './sink.ts'

const SENDER = 'news@example.com'
const STAYS = 'hanako@example.jp'
const STOPS = 'taro@example.jp'
const LIST = `sender:${SENDER}`
const POLL_MS = 20
const PATIENCE_MS = 10_000

export interface Stage {
  account: Account
  program: Program
  sink: Sink
  /** Where the server is to listen. */
  url: string
  dataDir: string
}

/** The main job from the first start to the last stop, through interfaces that everyone can use. */
export async function play(stage: Stage): Promise<void> {
  const { account, program, sink, url, dataDir } = stage
  const { check, show, step } = account

  const server = await step('Start a server', async () => {
    show('data', dataDir)
    show('relay', sink.url)
    show('listens on', url)
    const started = await program.serve()
    const { status } = await fetch(`${url}/readyz`)
    check('GET /readyz answers 200', status === 200)
    return started
  })
  try {
    await playWithServer(stage)
  } catch (error) {
    await server.stop()
    throw error
  }
  await step('Stop the server', async () => {
    const code = await server.stop()
    check('it ends by itself with exit code 0', code === 0)
  })
}

async function playWithServer(stage: Stage): Promise<void> {
  const { account, sink } = stage
  const { check, show, step } = account
  const user = await step('Provision a site, a service and an API user', () => provision(stage))
  const baseUrl = await step(`Register ${SENDER} for one-click`, () => register(stage, user))
  await step('Make a key that signs its mail', () => makeDkimKey(stage))
  const mail = await step(`Send to ${STAYS} and ${STOPS}`, () => sendToBoth(stage, user, baseUrl))
  await step(`${STOPS} presses "unsubscribe": the provider posts`, () => stop(stage, mail))
  await step('Send again', () => sendToOne(stage, user))
  await step('Export who has stopped', () => exportList(stage, user))
  await step(`Resume ${STOPS}`, async () => {
    const path = `/services/${user.service}/suppressions/resume`
    const resumed = await user.api.post<{ changed: number }>(path, { list: LIST, addresses: [STOPS] })
    show('answer', JSON.stringify(resumed))
    check('one address was resumed', resumed.changed === 1)
  })
  await step('Send a third time', async () => {
    const { accepted } = await send(user, 'Third issue')
    const mails = await sink.received(5)
    show(
      'received by',
      mails
        .slice(3)
        .map(({ to }) => to)
        .sort()
        .join(', '),
    )
    check(
      `${STOPS} gets mail again`,
      accepted === 2 && mails.slice(3).some(({ to }) => to === STOPS) && mails.length === 5,
    )
  })
}

interface User {
  api: Customer
  service: number
}

interface Provisioned {
  sites: { services: { id: number }[] }[]
}

async function provision({ account: { check, show }, program, url }: Stage): Promise<User> {
  const key = randomBytes(24).toString('base64url')
  const file = {
    sites: [
      {
        name: 'acme',
        services: [{ name: 'news' }],
        apiUsers: [{ name: 'api@acme.example', key, permissions: ['view', 'download', 'send', 'edit'] }],
      },
    ],
  }
  const { sites } = JSON.parse(await program.run(['provision', '-'], JSON.stringify(file))) as Provisioned
  const service = sites[0]?.services[0]?.id ?? 0
  show('command', 'kaijo provision -')
  show('service', `news (id ${service})`)
  check('the service has an id', service > 0)
  return { api: customer(url, key), service }
}

interface Sender {
  classId: string
  baseUrl: string
}

async function register({ account: { check, show }, url }: Stage, user: User): Promise<string> {
  const path = `/services/${user.service}/senders`
  const { classId, baseUrl } = await user.api.post<Sender>(path, { address: SENDER })
  show('base_url', baseUrl)
  check('base_url is the public URL and the class_id', baseUrl === `${url}/${classId}`)
  const again = await user.api.post<Sender>(path, { address: SENDER })
  check('registering it again answers the same', again.baseUrl === baseUrl)
  return baseUrl
}

async function makeDkimKey({ account: { check, show }, program }: Stage): Promise<void> {
  const args = ['dkim', 'create', '--domain', 'example.com', '--selector', 'tour', '--json']
  const { dnsName, record, strings } = JSON.parse(await program.run(args)) as {
    dnsName: string
    record: string
    strings: string[]
  }
  show('TXT record', `${dnsName}\n${record.slice(0, 60)}…`)
  check('the record holds an RSA key', record.startsWith('v=DKIM1; k=rsa; p='))
  check(
    'its strings of at most 255 octets make up the record',
    strings.join('') === record && strings.every((part) => part.length <= 255),
  )
}

async function sendToBoth(
  { account: { check, show }, sink }: Stage,
  user: User,
  baseUrl: string,
): Promise<ReceivedMail> {
  const { accepted } = await send(user, 'First issue')
  check('both recipients are accepted', accepted === 2)
  const mails = await sink.received(2)
  const mail = mails.find(({ to }) => to === STOPS)
  if (!mail) throw new Error(`nothing reached ${STOPS}`)
  const [link, post] = [mail.header('List-Unsubscribe'), mail.header('List-Unsubscribe-Post')]
  show('received', `List-Unsubscribe: ${link}\nList-Unsubscribe-Post: ${post}`)
  check(
    'the link is the base_url and a token of this recipient alone',
    link.startsWith(`<${baseUrl}/-`) &&
      mails.every((other) => (other.header('List-Unsubscribe') === link) === (other === mail)),
  )
  check('the second header says List-Unsubscribe=One-Click', post === 'List-Unsubscribe=One-Click')
  const signed = (/\bh=([^;]+)/.exec(mail.header('DKIM-Signature'))?.[1] ?? '').replace(/\s/g, '')
  show('signed h=', signed)
  const names = signed.toLowerCase().split(':')
  check(
    'the DKIM signature covers both headers',
    names.includes('list-unsubscribe') && names.includes('list-unsubscribe-post'),
  )
  return mail
}

async function stop({ account: { check, show } }: Stage, mail: ReceivedMail): Promise<void> {
  const [, link = ''] = /<(http[^>]+)>/.exec(mail.header('List-Unsubscribe')) ?? []
  const url = new URL(link)
  const request = oneClickPost(url)
  show('request', request.replaceAll('\r', ''))
  const status = await sendRaw(url, request)
  show('answer', status)
  check('the answer is 200', status.startsWith('HTTP/1.1 200'))
}

interface Message {
  to: string
  state: string
  list: string | null
  reason: string | null
  since: string | null
}

async function sendToOne({ account: { check, show }, sink }: Stage, user: User): Promise<void> {
  const { id, accepted, excluded } = await send(user, 'Second issue')
  show('answer', JSON.stringify({ accepted, excluded }))
  check(`one is accepted, one excluded by ${LIST}`, accepted === 1 && excluded[LIST] === 1)
  const path = `/services/${user.service}/deliveries/${id}`
  const { items } = await user.api.get<{ items: Message[] }>(`${path}/messages`)
  const left = items.find(({ to }) => to === STOPS)
  show('excluded', `${left?.to}, list ${left?.list}, reason ${left?.reason}, since ${left?.since}`)
  check(
    'the report names list, reason and since',
    left?.state === 'excluded' &&
      left.list === LIST &&
      left.reason !== null &&
      Math.abs(Date.now() - Date.parse(left.since ?? '')) < 60_000,
  )
  await untilNothingIsQueued(user, path)
  const mails = await sink.received(3)
  const third = mails.slice(2).map(({ to }) => to)
  show('received by', third.join(', '))
  check(`only ${STAYS} gets it`, third.join() === STAYS)
}

async function exportList({ account: { check, show } }: Stage, user: User): Promise<void> {
  const path = `/services/${user.service}/exports/one-click?sender=${encodeURIComponent(SENDER)}`
  const csv = await user.api.getText(path)
  show('csv', csv.trimEnd())
  const rows = csv.trimEnd().split('\r\n')
  const [, row = ''] = rows
  check('there is a heading and one row', rows.length === 2)
  check(
    'it holds address, Message-ID, time and flag 0 (excluded)',
    /^"?taro@example\.jp"?,"?[^,<>]+@example\.com"?,"?[^,]+"?,"?0"?$/.test(row),
  )
}

interface Accepted {
  id: number
  accepted: number
  excluded: Record<string, number>
}

function send({ api, service }: User, subject: string): Promise<Accepted> {
  return api.post(`/services/${service}/deliveries`, {
    from: `News <${SENDER}>`,
    subject,
    text: 'Hello. Stop these mails: {{unsubscribe_url}}\n',
    recipients: [{ to: STAYS }, { to: STOPS }],
  })
}

async function untilNothingIsQueued({ api }: User, path: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const { messages } = await api.get<{ messages: Record<string, number> }>(path)
    if (!messages['queued'] && !messages['sending']) return
    if (Date.now() > deadline) throw new Error('messages stay queued')
    await sleep(POLL_MS)
  }
}
