import { type KnownFormat, oneOf } from './known-format.ts'

/** Exports of the systems that Kaijo stands in for, whose columns our own one-click and unsubscribe exports share. */
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
    optional: ['user_id'],
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
]
