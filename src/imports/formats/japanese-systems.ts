import { type KnownFormat, oneOf } from './known-format.ts'

/** Exports of the systems that Kaijo replaces; our own one-click and unsubscribe exports have the same columns. */
export const JAPANESE_FORMATS: readonly KnownFormat[] = [
  {
    name: 'アララ メッセージ ワンクリック登録解除リスト',
    source: 'https://docs.am.arara.com/gui/?p=4846',
    header: ['送信先アドレス', 'メッセージid', '登録解除日時', '配信フラグ'],
    address: '送信先アドレス',
    times: ['登録解除日時'],
    messageId: 'メッセージid',
    verdict: oneOf('配信フラグ', {
      0: 'unsubscribe',
      1: { skip: ['deliverable', '配信フラグ', '1'] },
    }),
  },
  {
    name: 'KARTE 購読停止リスト',
    source: 'https://support.karte.io/post/2xSrfudRaNb7ufLpLNC7Gy',
    header: ['from_address', 'target', 'timestamp'],
    // Its documentation names the columns that matter; there are others.
    optional: 'any',
    address: 'target',
    times: ['timestamp'],
    sender: 'from_address',
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Customers Mail Cloud 購読解除リスト',
    source: 'https://smtps.jp/docs/',
    header: ['created', 'email', 'filtername'],
    address: 'email',
    times: ['created'],
    filter: 'filtername',
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Customers Mail Cloud ブロックリスト',
    source: 'https://smtps.jp/docs-en/apiv2/te/blocks',
    header: ['created', 'email', 'id', 'occurred', 'status'],
    address: 'email',
    times: ['created'],
    // Host or user unknown, or some other reason; whatever it was, that system does not mail them.
    reason: (cells) => ({ 1: 'host-unknown', 2: 'user-unknown' })[cells('status')] ?? '',
    verdict: (cells) => (['1', '2'].includes(cells('status')) ? 'bounce' : 'block'),
  },
]
