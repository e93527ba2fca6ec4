import { createTexts } from '../../texts/i18n.ts'

export const useSenderTexts = createTexts('senders', {
  ja: {
    title: '送信元アドレス',
    about:
      'ワンクリック登録解除の対象にする Header From アドレスと、その base_url です。購読停止は送信元アドレスごとに管理されます。',
    register: '送信元アドレスを登録',
    address: '送信元アドレス',
    oneClick: 'ワンクリック登録解除',
    on: '有効',
    stopListOnly: '購読停止リストのみ',
    baseUrl: 'base_url',
    none: 'まだ送信元アドレスが登録されていません',
    noneWhy:
      '登録すると、そのアドレスから配信するメールに List-Unsubscribe と List-Unsubscribe-Post ヘッダが付き、登録解除リクエストを受け付けられるようになります。',
    kind: '登録の種類',
    kindOneClick: 'ワンクリック登録解除の対象にする',
    kindStopList: '購読停止リストだけを作る(あとからワンクリックの対象に変更できます)',
    forever: '一度登録したアドレスは解除できません',
    foreverWhy:
      '配信済みのメールから登録解除リクエストが届くことがあるため、ワンクリックの登録は取り消せません。アドレスに間違いがないか、もう一度確認してください。',
    understood: '取り消せないことを理解しました',
    submit: '登録する',
    registered: '{{address}} を登録しました。',
    headers: 'メールに付くヘッダの例',
    dns: 'DNS 設定',
  },
  en: {
    title: 'Senders',
    about:
      'The Header From addresses that take one-click unsubscribes, each with its base_url. Whoever stops one still gets the mail of the others.',
    register: 'Register a sender',
    address: 'Address',
    oneClick: 'One-click',
    on: 'On',
    stopListOnly: 'Stop list only',
    baseUrl: 'base_url',
    none: 'No sender is registered yet',
    noneWhy:
      'Once one is, its mail carries List-Unsubscribe and List-Unsubscribe-Post, and requests to unsubscribe are taken.',
    kind: 'Kind',
    kindOneClick: 'Take one-click unsubscribes',
    kindStopList: 'Make a stop list only (it can take one-click later)',
    forever: 'A registration cannot be undone',
    foreverWhy:
      'Requests may come by links in mail that was sent long ago, so one-click stays on for ever. Look at the address once more.',
    understood: 'I understand that this cannot be undone',
    submit: 'Register',
    registered: '{{address}} is registered.',
    headers: 'Header fields as its mail carries them',
    dns: 'DNS',
  },
})
