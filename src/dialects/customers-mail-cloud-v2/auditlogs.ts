import type { AuditEntry } from '../../audit/audit.ts'
import { boundsOfDay } from '../../kernel/calendar.ts'
import type { Language } from '../../kernel/texts.ts'
import { decodeChoice, decodeDay, decodeText, type Period } from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import { refused } from './errors.ts'
import type { Call, Operations } from './operation.ts'
import { listed } from './records.ts'

const MOST_DAYS = 31
const TYPES = ['login', 'operation'] as const

/** Who signed in, and who changed what, in the whole site. */
export const AUDITLOGS: Operations = {
  'auditlogs/list': {
    scope: 'site',
    access: 'site-admin',
    run: async (call) => {
      const { parts, params, user, timeZone, language } = call
      const type = decodeChoice(params, 'type', TYPES)
      if (type === undefined) throw refused('10-001', 'type')
      const of = type === 'login' ? 'sign-ins' : 'changes'
      const rows = parts.record.read(user.siteId, { ...decodeDays(call), of })
      const account = decodeText(params, 'account')?.toLowerCase()
      const wanted = account === undefined ? rows : ofAccount(rows, account)
      const time = vendorTimes(timeZone)
      return type === 'login'
        ? listed(call, { root: 'loginlogs', item: 'loginlog' }, wanted, (entry) =>
            toSignIn(entry, time, language),
          )
        : listed(call, { root: 'operationlogs', item: 'operationlog' }, wanted, (entry) =>
            toOperation(entry, time),
          )
    },
  },
}

/** Today unless given. */
function decodeDays({ params, parts, timeZone }: Call & { timeZone: string }): Required<Period> {
  const today = parts.today(timeZone)
  const start = decodeDay(params, 'start_date') ?? today
  const end = decodeDay(params, 'end_date') ?? today
  if (start > end) throw refused('10-003', 'start_date')
  const { days } = Temporal.PlainDate.from(start).until(end, { largestUnit: 'days' })
  if (days >= MOST_DAYS) throw refused('10-005', 'start_date')
  return { from: boundsOfDay(start, timeZone).from, to: boundsOfDay(end, timeZone).to }
}

async function* ofAccount(rows: AsyncIterable<readonly AuditEntry[]>, part: string) {
  for await (const page of rows) yield page.filter((entry) => accountOf(entry).toLowerCase().includes(part))
}

/** The name of the actor, without the kind that the record puts in front. */
function accountOf({ actor }: AuditEntry): string {
  return actor.replace(/^(?:api|person):/, '')
}

function toOperation(entry: AuditEntry, time: (time: number) => string): VendorRecord {
  const [thing = '', verb = ''] = entry.action.split('.')
  const account = accountOf(entry)
  return {
    account,
    created: time(entry.at),
    function: thing,
    name: account,
    operation: `${verb} ${entry.subject}`.trim(),
  }
}

const RESULTS = {
  success: { code: '0', ja: '成功', en: 'success', reason: { ja: '', en: '' } },
  failure: {
    code: '1',
    ja: '失敗',
    en: 'failure',
    reason: { ja: 'パスワード認証に失敗しました。', en: 'Password authentication failed' },
  },
} as const

function toSignIn(entry: AuditEntry, time: (time: number) => string, language: Language): VendorRecord {
  const result = entry.action.endsWith('.refused') ? RESULTS.failure : RESULTS.success
  const { clientAddress } = entry.detail
  return {
    account: accountOf(entry),
    code: result.code,
    created: time(entry.at),
    ipaddress: typeof clientAddress === 'string' ? clientAddress : '',
    reason: result.reason[language],
    result: result[language],
  }
}
