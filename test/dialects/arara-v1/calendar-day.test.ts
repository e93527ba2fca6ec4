import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stop } from '../../suppression/changes.ts'
import { startAraraV1 } from './arara-v1.ts'
import { asked, NEWS, requestersOf, senderOf } from './requesters.ts'

describe('a calendar day', () => {
  const zones: [zone: string, day: [number, number, number], first: string, last: string, offset: string][] =
    [
      ['Asia/Tokyo', [2026, 9, 1], '2026-09-01T00:00:00+09:00', '2026-09-01T23:59:59.999+09:00', '+0900'],
      [
        'America/St_Johns',
        [2026, 9, 1],
        '2026-09-01T00:00:00-02:30',
        '2026-09-01T23:59:59.999-02:30',
        '-0230',
      ],
      // 23 and 25 hours.
      ['Europe/Vienna', [2026, 3, 29], '2026-03-29T00:00:00+01:00', '2026-03-29T23:59:59.999+02:00', '+0100'],
      [
        'Europe/Vienna',
        [2026, 10, 25],
        '2026-10-25T00:00:00+02:00',
        '2026-10-25T23:59:59.999+01:00',
        '+0200',
      ],
      // Begins at one in the morning.
      ['Africa/Cairo', [2026, 4, 24], '2026-04-24T01:00:00+03:00', '2026-04-24T23:59:59.999+03:00', '+0300'],
      [
        'Pacific/Kiritimati',
        [2026, 12, 31],
        '2026-12-31T00:00:00+14:00',
        '2026-12-31T23:59:59.999+14:00',
        '+1400',
      ],
    ]
  for (const [timeZone, day, first, last, offset] of zones) {
    it(`is one of the service's zone: ${day.join('-')} in ${timeZone}`, async (t) => {
      const kaijo = await startAraraV1(t, { timeZone, settings: { araraV1Times: 'rfc2822' } })
      const { listId } = await senderOf(kaijo, NEWS)
      const [from, to] = [Date.parse(first), Date.parse(last)]
      for (const [index, requestedAt] of [from - 1, from, to, to + 1].entries()) {
        await kaijo.capabilities.recorder.record(stop(listId, `a${index}@example.jp`, { requestedAt }))
      }
      const rows = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, day)))
      assert.deepEqual(
        rows.map((row) => row['message_to']),
        ['a1@example.jp', 'a2@example.jp'],
      )
      assert.ok(rows[0]?.['datetime']?.endsWith(offset))
      assert.equal(Date.parse(rows[0]?.['datetime'] ?? ''), from)
    })
  }

  it('writes times as RFC 3339 where the service says so, and filters nobody where the customer does', async (t) => {
    const settings = { araraV1Times: 'rfc3339', automaticExclusion: false }
    const kaijo = await startAraraV1(t, { settings })
    const { listId } = await senderOf(kaijo, NEWS)
    await kaijo.capabilities.recorder.record(stop(listId, 'a@example.jp', { requestedAt: kaijo.time.now }))
    const [row] = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1])))
    assert.deepEqual([row?.['datetime'], row?.['filtered']], ['2026-10-01T12:00:00+09:00', '0'])
  })
})
