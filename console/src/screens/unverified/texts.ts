import { createTexts } from '../../texts/i18n.ts'

export const useUnverifiedTexts = createTexts('unverified', {
  ja: {
    title: '検証できない登録解除リクエスト',
    about:
      'リンクの作成に使われた秘密鍵がこのサーバーにないため、宛先を特定できないワンクリック登録解除のリクエストです。鍵を戻すと、受け付けた日時で反映できます。',
    none: '検証を待つリクエストはありません',
    noneWhy:
      '秘密鍵を失った場合や、偽のリンクが開かれた場合に、ここに表示されます。通常は何も表示されません。',
    keys: '不足している鍵',
    keyId: '鍵の ID',
    count: '件数',
    since: '最も古い受付',
    state: '状態',
    isHere: '鍵があります',
    isMissing: '鍵がありません',
    retry: '鍵があるものを反映する',
    retried:
      '{{replayed}} 件を反映し、偽と分かった {{broken}} 件を削除しました。残りは {{stillWaiting}} 件です。',
    retriedNone:
      '反映できるリクエストはありませんでした。まず、不足している鍵を秘密鍵の設定に戻してください。',
    discard: '破棄',
    discardTitle: 'リクエストを破棄する',
    discardWhy:
      '鍵 {{keyId}} を待つ {{count}} 件のリクエストを破棄します。本物のリクエストが含まれている場合、その受信者の登録解除は反映されなくなり、元に戻せません。鍵が偽物か、二度と戻らないと確認できた場合だけ実行してください。',
    discarded: '{{count}} 件を破棄しました。',
    cancel: 'キャンセル',
    requests: 'リクエスト',
    allKeys: 'すべての鍵',
    key: '鍵',
    list: 'リスト',
    service: 'サービス',
    client: '接続元',
    userAgent: 'User-Agent',
    receivedAt: '受付日時',
  },
  en: {
    title: 'Unsubscribe requests that cannot be verified',
    about:
      'One-click requests whose link was made with a secret key that is not here, so that nobody can tell who asked. Once the key is back they are carried out as of when they came.',
    none: 'No request waits for a key',
    noneWhy:
      'Requests stand here when a secret key was lost, or when somebody follows forged links. There should be none.',
    keys: 'Keys that are missing',
    keyId: 'Key',
    count: 'Requests',
    since: 'Oldest',
    state: 'State',
    isHere: 'Is here',
    isMissing: 'Is missing',
    retry: 'Carry out those whose key is here',
    retried:
      '{{replayed}} were carried out, {{broken}} were forged and dropped, {{stillWaiting}} still wait.',
    retriedNone: 'None could be carried out. Put the missing key back among the secret keys first.',
    discard: 'Discard',
    discardTitle: 'Discard requests',
    discardWhy:
      'The {{count}} requests that wait for the key {{keyId}} are given up. If there are real ones among them, what those recipients asked for will never be done, and nothing brings the requests back. Do this only when you know that the key is forged or will never come back.',
    discarded: '{{count}} were discarded.',
    cancel: 'Cancel',
    requests: 'Requests',
    allKeys: 'All keys',
    key: 'Key',
    list: 'List',
    service: 'Service',
    client: 'From',
    userAgent: 'User agent',
    receivedAt: 'Received',
  },
})
