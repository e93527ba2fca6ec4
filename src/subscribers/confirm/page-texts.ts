import type { Language } from '../../kernel/texts.ts'

/** What the page behind the link can say. */
export type ConfirmState = 'ask' | 'joined' | 'expired' | 'unknown' | 'unavailable'

interface PageTexts {
  readonly fromLabel: string
  readonly recipientLabel: string
  readonly button: string
  readonly states: Record<ConfirmState, { readonly title: string; readonly lead: string }>
}

export const PAGE_TEXTS: Record<Language, PageTexts> = {
  ja: {
    fromLabel: '差出人',
    recipientLabel: '登録するメールアドレス',
    button: '登録する',
    states: {
      ask: {
        title: 'メール配信に登録しますか？',
        lead: '登録すると、この差出人からのメールが届くようになります。',
      },
      joined: { title: '登録が完了しました', lead: '今後、この差出人からのメールをお届けします。' },
      expired: {
        title: 'リンクの有効期限が切れています',
        lead: '登録は行われていません。お手数ですが、もう一度はじめからお申し込みください。',
      },
      unknown: {
        title: '変更はありません',
        lead: 'このリンクで行えるお手続きはありません。メールに記載のリンクを、途中で切れていないか確かめて、もう一度開いてください。',
      },
      unavailable: {
        title: 'ただいまお手続きを受け付けられません',
        lead: 'ご不便をおかけして申し訳ございません。しばらくたってから、もう一度お試しください。',
      },
    },
  },
  en: {
    fromLabel: 'From',
    recipientLabel: 'Address to register',
    button: 'Register',
    states: {
      ask: { title: 'Register for this mail?', lead: 'Once registered, you receive mail from this sender.' },
      joined: { title: 'You are registered', lead: 'From now on you receive mail from this sender.' },
      expired: {
        title: 'This link has expired',
        lead: 'Nothing was registered. Please sign up once more.',
      },
      unknown: {
        title: 'Nothing was changed',
        lead: 'There is nothing to do for this link. Please check that the link in the mail was not cut off, and open it again.',
      },
      unavailable: {
        title: 'This is not possible at the moment',
        lead: 'We are sorry for the inconvenience. Please try again in a little while.',
      },
    },
  },
}
