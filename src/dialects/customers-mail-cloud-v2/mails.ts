import type { Outcome } from '../../messages/reading/read-outcomes.ts'
import { STAGES } from '../../messages/reading/read-outcomes.ts'
import type { Service } from '../../tenants/service.ts'
import {
  decodeChoice,
  decodeDay,
  decodeMatch,
  decodePartOfDay,
  decodePeriod,
  decodeRequired,
  decodeText,
  type Params,
  type Period,
} from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import { refused } from './errors.ts'
import type { Call, Operations } from './operation.ts'
import type { Bounce, MailFilter } from './parts.ts'
import { downloaded, listed } from './records.ts'
import { BOUNCE_STATUSES, type BounceStatus, causesOf, statusOfBounce } from './statuses.ts'

const BOUNCE_COLUMNS = [
  'created',
  'status',
  'from',
  'to',
  'messageId',
  'returnPath',
  'subject',
  'apiData',
  'reason',
] as const

/** What became of mails. */
export const MAILS: Operations = {
  'bounces/list': {
    scope: 'composition',
    access: 'view',
    run: async (call) => {
      const { rows } = await readBounces(call)
      return listed(call, { root: 'bounces', item: 'bounce' }, rows, bounceEncoder(call.service))
    },
  },
  'bounces/download': {
    scope: 'composition',
    access: 'download',
    run: async (call) => {
      const { rows, filter } = await readBounces(call)
      const file = { title: 'bounces' as const, columns: BOUNCE_COLUMNS, filter }
      return downloaded(call, file, rows, bounceEncoder(call.service))
    },
  },
  'deliveries/list': {
    scope: 'composition',
    access: 'view',
    run: async (call) => {
      const { parts, params, service } = call
      decodeRequired(params, 'date')
      const stage = decodeChoice(params, 'status', STAGES)
      const filter = { ...decodeMail(params), ...dayAsked(call), stage }
      const rows = hasApiData(params) ? NO_ROWS : await parts.deliveries.read(service, filter)
      return listed(call, { root: 'deliveries', item: 'delivery' }, rows, deliveryEncoder(service))
    },
  },
}

async function readBounces(call: Call & { service: Service }) {
  const { parts, params, service } = call
  const status = decodeChoice(params, 'status', BOUNCE_STATUSES)
  const period =
    decodeText(params, 'date') === undefined ? decodePeriod(params, service.timeZone) : dayAsked(call)
  const filter = { ...decodeMail(params), ...period, causes: causesOf(status) }
  const rows = hasApiData(params) ? NO_ROWS : await parts.bounces.read(service, filter)
  return { filter: { ...filter, status }, rows: status === undefined ? rows : ofStatus(rows, status) }
}

async function* ofStatus(rows: AsyncIterable<readonly Bounce[]>, status: BounceStatus) {
  for await (const page of rows) yield page.filter(({ cause }) => statusOfBounce(cause) === status)
}

/** `date`, or the part of it that `hour` and `minute` name. Throws Refused 10-006 for a day to come. */
function dayAsked({ parts, params, service }: Call & { service: Service }): Period {
  const { timeZone } = service
  const day = decodeDay(params, 'date')
  if (day === undefined) return {}
  if (day > parts.today(timeZone)) throw refused('10-006', 'date')
  return decodePartOfDay(params, day, timeZone)
}

function decodeMail(params: Params): MailFilter {
  const [sender, recipient] = [decodeMatch(params, 'from'), decodeMatch(params, 'to')]
  return { ...(sender && { sender }), ...(recipient && { recipient }) }
}

/** Whether a search asks for API data: no mail has any, so it finds nothing. */
function hasApiData(params: Params): boolean {
  return decodeText(params, 'api_data') !== undefined
}

const NO_ROWS: AsyncIterable<never[]> = { async *[Symbol.asyncIterator]() {} }

function bounceEncoder({ timeZone }: Service): (row: Bounce) => VendorRecord {
  const time = vendorTimes(timeZone)
  return (row) => ({
    created: time(row.at),
    status: statusOfBounce(row.cause),
    from: row.from,
    to: row.to,
    messageId: row.messageId,
    returnPath: row.returnPath,
    subject: row.subject,
    apiData: '',
    reason: reasonOf(row),
  })
}

function deliveryEncoder({ timeZone }: Service): (row: Outcome) => VendorRecord {
  const time = vendorTimes(timeZone)
  return (row) => ({
    created: time(row.at),
    returnPath: row.returnPath,
    from: row.from,
    to: row.to,
    messageId: row.messageId,
    reason: reasonOf(row),
    senderIp: '',
    sourceIp: '',
    status: row.stage,
    subject: row.subject,
    apiData: '',
  })
}

/** A mail that was never sent has no reply; the vendor's own server writes this in its place. */
function reasonOf({ state, reply, to }: Outcome): string {
  if (state === 'excluded') return `Recipient address <${to}> is suppressed to send mail.`
  return reply ?? ''
}
