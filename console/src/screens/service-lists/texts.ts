import { createTexts } from '../../texts/i18n.ts'

export const useServiceListTexts = createTexts('service-lists', {
  ja: {
    'hard-bounces': 'ハードバウンスリスト',
    'hard-bouncesAbout':
      '存在しない・受信拒否などの理由で恒久的に配信できないアドレスです。送信元アドレスに関係なく、サービス全体で配信されません。',
    complaints: '迷惑メール報告リスト',
    complaintsAbout: '迷惑メールとして報告した受信者です。サービス全体で配信されません。',
    blocklist: '配信除外リスト',
    blocklistAbout: '手動で配信から除外したアドレスです。サービス全体で配信されません。',
  },
  en: {
    'hard-bounces': 'Hard bounces',
    'hard-bouncesAbout':
      'Addresses that cannot be reached for good: they do not exist, or refuse mail. No sender of the service mails them.',
    complaints: 'Complaints',
    complaintsAbout: 'Recipients who reported mail as spam. No sender of the service mails them.',
    blocklist: 'Blocklist',
    blocklistAbout: 'Addresses that were left out by hand. No sender of the service mails them.',
  },
})
