import { createTexts } from '../../texts/i18n.ts'

export const useStopListTexts = createTexts('stop-lists', {
  ja: {
    title: '購読停止リスト',
    about: '送信元アドレスごとに、配信を停止した受信者です。別の送信元アドレスからのメールは届きます。',
    noSender: '送信元アドレスがありません',
    noSenderWhy: '先に送信元アドレスを登録してください。',
  },
  en: {
    title: 'Stop lists',
    about: 'Who stopped the mail of a sender. Mail of other senders still reaches them.',
    noSender: 'There is no sender',
    noSenderWhy: 'Register a sender first.',
  },
})
