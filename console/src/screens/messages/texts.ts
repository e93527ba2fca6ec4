import { createTexts } from '../../texts/i18n.ts'

export const useMessageSearchTexts = createTexts('message-search', {
  ja: {
    title: 'メールの検索',
    about:
      'すべての配信から、宛先ごとの結果を検索します。除外の理由と、送信先サーバーの SMTP 応答を確認できます。',
    recipient: '宛先のメールアドレス',
    search: '検索',
  },
  en: {
    title: 'Messages',
    about:
      'What became of each mail, across all deliveries: why it was left out, or what the server at the other end answered.',
    recipient: 'Recipient',
    search: 'Search',
  },
})
