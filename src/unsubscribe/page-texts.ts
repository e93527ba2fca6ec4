import type { Language } from '../kernel/texts.ts'

/**
 * The kinds of lists that links belong to: `sender` is a From address's, `filter` that of a kind of mail that the
 * service has named.
 */
export type LinkedListKind = 'sender' | 'filter'

/** Where a recipient stands with a list. */
export type ListState = 'ask' | 'stopped' | 'already-stopped' | 'resumed'

/** Answers that name no list: taken while the list cannot be looked up, nothing asked for, or a failure of our own. */
export type PlainState = 'taken' | 'nothing-to-do' | 'unavailable'

type Wording = { readonly title: string; readonly lead: string; readonly notes?: readonly string[] }

type PageTexts = {
  /** What is being stopped, as part of a sentence. */
  readonly mailOf: Record<LinkedListKind, string>
  readonly listLabel: Record<LinkedListKind, string>
  readonly recipientLabel: string
  readonly stopButton: string
  readonly resumeButton: string
  readonly resumeNote: string
  /** Shown for another list in place of its button. */
  readonly alreadyStopped: string
  readonly onList: Record<ListState, (mail: string) => Wording>
  readonly plain: Record<PlainState, Wording>
}

export const PAGE_TEXTS: Record<Language, PageTexts> = {
  ja: {
    mailOf: { sender: 'この差出人からのメール', filter: 'この配信リストのメール' },
    listLabel: { sender: '差出人', filter: '配信リスト' },
    recipientLabel: '配信先メールアドレス',
    stopButton: '配信を停止する',
    resumeButton: '配信を再開する',
    resumeNote: '誤って停止した場合は、ここから配信を再開できます。',
    alreadyStopped: '停止済み',
    onList: {
      ask: (mail) => ({
        title: 'メール配信を停止しますか？',
        lead: `停止すると、${mail}は届かなくなります。`,
      }),
      stopped: (mail) => ({
        title: '配信停止を受け付けました',
        lead: `${mail}は、今後お届けしません。`,
        notes: ['すでに送信されたメールが、行き違いで届くことがあります。'],
      }),
      'already-stopped': (mail) => ({
        title: '配信はすでに停止しています',
        lead: `${mail}は、お届けしない設定になっています。`,
      }),
      resumed: (mail) => ({
        title: '配信を再開しました',
        lead: `${mail}を、今後またお届けします。`,
      }),
    },
    plain: {
      taken: {
        title: 'お手続きを受け付けました',
        lead: 'まもなく反映されます。このページは閉じていただいてかまいません。',
      },
      'nothing-to-do': {
        title: '変更はありません',
        lead: 'このリンクで行えるお手続きはありません。メールに記載の配信停止リンクを、途中で切れていないか確かめて、もう一度開いてください。',
      },
      unavailable: {
        title: 'ただいまお手続きを受け付けられません',
        lead: 'ご不便をおかけして申し訳ございません。しばらくたってから、もう一度お試しください。',
      },
    },
  },
  en: {
    mailOf: { sender: 'mail from this sender', filter: 'mail of this list' },
    listLabel: { sender: 'From', filter: 'List' },
    recipientLabel: 'To',
    stopButton: 'Unsubscribe',
    resumeButton: 'Subscribe again',
    resumeNote: 'If this was a mistake, you can subscribe again here.',
    alreadyStopped: 'unsubscribed',
    onList: {
      ask: (mail) => ({
        title: 'Do you want to unsubscribe?',
        lead: `If you unsubscribe, you will no longer receive ${mail}.`,
      }),
      stopped: (mail) => ({
        title: 'You have unsubscribed',
        lead: `You will no longer receive ${mail}.`,
        notes: ['A message that was already on its way may still arrive.'],
      }),
      'already-stopped': (mail) => ({
        title: 'You have already unsubscribed',
        lead: `You do not receive ${mail} any more.`,
      }),
      resumed: (mail) => ({
        title: 'You are subscribed again',
        lead: `You will receive ${mail} again.`,
      }),
    },
    plain: {
      taken: {
        title: 'Your request has been taken',
        lead: 'It will take effect shortly. You can close this page.',
      },
      'nothing-to-do': {
        title: 'Nothing was changed',
        lead: 'There is nothing that this link can do. Please open the unsubscribe link in the mail again and make sure that it is complete.',
      },
      unavailable: {
        title: 'Your request cannot be taken right now',
        lead: 'We are sorry. Please try again in a little while.',
      },
    },
  },
}
