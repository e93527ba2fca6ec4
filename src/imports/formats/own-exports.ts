import type { KnownFormat } from './known-format.ts'

const SOURCE = 'docs/operating.md'

/** Kaijo's own exports, apart from the two that have a vendor's columns. */
export const OWN_FORMATS: readonly KnownFormat[] = [
  {
    name: 'Kaijo list',
    source: SOURCE,
    header: ['address', 'reason', 'since', 'requestedat', 'state', 'list'],
    optional: ['expiresat', 'source', 'messageid'],
    address: 'address',
    times: ['requestedat'],
    since: (cells) => cells('since'),
    messageId: 'messageid',
    list: 'list',
    reason: (cells) => cells('reason'),
    // An expired exclusion leaves somebody as deliverable as a resumed one, but the lifetime may be longer where the
    // file is imported.
    verdict: (cells) =>
      cells('state') === 'resumed' ? { skip: ['deliverable', 'state', 'resumed'] } : 'stop',
  },
  {
    name: 'Kaijo expiring',
    source: SOURCE,
    header: ['list', 'address', 'day', 'expiresat', 'reason', 'since', 'requestedat'],
    optional: ['source', 'messageid'],
    address: 'address',
    times: ['requestedat'],
    since: (cells) => cells('since'),
    messageId: 'messageid',
    list: 'list',
    reason: (cells) => cells('reason'),
    verdict: () => 'stop',
  },
  {
    name: 'Kaijo events',
    source: SOURCE,
    header: ['recordedat', 'requestedat', 'list', 'kind', 'address', 'reason'],
    optional: 'any',
    address: 'address',
    times: ['requestedat'],
    // An exclusion that was in force when this event renewed it began before.
    since: (cells) => (cells('before') === 'active' ? cells('beforesince') : ''),
    order: 'recordedat',
    messageId: 'messageid',
    list: 'list',
    reason: (cells) => cells('reason'),
    verdict: (cells) => (cells('kind') === 'stop' ? 'stop' : 'resume'),
  },
]
