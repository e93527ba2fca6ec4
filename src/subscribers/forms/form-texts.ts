import type { Language } from '../../kernel/texts.ts'

/** What can be wrong with one answer. */
export type Mistake =
  | 'missing'
  | 'no-address'
  | 'too-long'
  | 'no-choice'
  | 'no-date'
  | 'not-ticked'
  | 'unmailable'
  | 'own-address'

/** Why a form was not taken as a whole; what was typed stays. */
export type Problem = 'mistakes' | 'too-much' | 'too-many' | 'unavailable'

/** What a page without the form says. */
export type FormState = 'sent' | 'joined' | 'closed' | 'unknown' | 'unreadable' | 'unavailable'

interface FormPageTexts {
  readonly name: string
  readonly address: string
  readonly button: string
  readonly required: string
  readonly choose: string
  readonly trap: string
  readonly sentTo: string
  readonly mistakes: Record<Mistake, string>
  readonly problems: Record<Problem, string>
  readonly states: Record<FormState, { readonly title: string; readonly lead: string }>
}

export const FORM_TEXTS: Record<Language, FormPageTexts> = {
  ja: {
    name: '日本語',
    address: 'メールアドレス',
    button: '登録する',
    required: '(必須)',
    choose: '選択してください',
    trap: 'この欄には何も入力しないでください',
    sentTo: '送信先',
    mistakes: {
      missing: '入力してください。',
      'no-address': 'メールアドレスを正しく入力してください。例: taro@example.jp',
      'too-long': '200文字以内で入力してください。',
      'no-choice': '選択肢の中から選んでください。',
      'no-date': '日付を 2026-04-01 のように入力してください。',
      'not-ticked': '登録するには、チェックを入れてください。',
      unmailable:
        'このメールアドレスには確認メールをお送りできません。別のメールアドレスを入力してください。',
      'own-address': 'このメールアドレスは登録できません。別のメールアドレスを入力してください。',
    },
    problems: {
      mistakes: 'まだ登録されていません。入力内容をご確認ください。',
      'too-much': 'まだ登録されていません。入力内容が長すぎます。短くしてから、もう一度お試しください。',
      'too-many': 'ただいまお申し込みが集中しています。しばらくたってから、もう一度お試しください。',
      unavailable: 'ただいまお申し込みを受け付けられません。しばらくたってから、もう一度お試しください。',
    },
    states: {
      sent: {
        title: '確認メールをご覧ください',
        lead: `まだ登録は完了していません。お送りするメールのリンクを開き、「登録する」を押してください。

しばらくしてもメールが届かない場合は、メールアドレスに誤りがないか、迷惑メールに振り分けられていないかをご確認ください。同じメールアドレスへの確認メールは、1日に1通だけお送りします。`,
      },
      joined: { title: '登録が完了しました', lead: 'ご登録ありがとうございます。' },
      closed: {
        title: '受付を終了しました',
        lead: 'このフォームでのお申し込みは、現在受け付けていません。',
      },
      unknown: {
        title: 'フォームが見つかりません',
        lead: 'アドレスが途中で切れていないか確かめて、もう一度開いてください。',
      },
      unreadable: {
        title: '登録されていません',
        lead: '送信された内容を読み取れませんでした。お手数ですが、フォームのページをもう一度開いてお申し込みください。',
      },
      unavailable: {
        title: 'ただいまお申し込みを受け付けられません',
        lead: 'ご不便をおかけして申し訳ございません。しばらくたってから、もう一度お試しください。',
      },
    },
  },
  en: {
    name: 'English',
    address: 'E-mail address',
    button: 'Register',
    required: '(required)',
    choose: 'Please choose',
    trap: 'Leave this empty',
    sentTo: 'Sent to',
    mistakes: {
      missing: 'Please fill this in.',
      'no-address': 'Please enter a mail address, e.g. name@example.com.',
      'too-long': 'Please enter 200 characters at most.',
      'no-choice': 'Please choose one of these.',
      'no-date': 'Please enter a date like 2026-04-01.',
      'not-ticked': 'Please tick this to register.',
      unmailable: 'No mail that asks to confirm can be sent to this address. Please enter another one.',
      'own-address': 'This address cannot be registered. Please enter another one.',
    },
    problems: {
      mistakes: 'You are not registered yet. Please check what you entered.',
      'too-much': 'You are not registered yet: that is too much text. Please shorten it and try again.',
      'too-many': 'Too many people register at the moment. Please try again in a little while.',
      unavailable: 'This is not possible at the moment. Please try again in a little while.',
    },
    states: {
      sent: {
        title: 'Please look into your mail',
        lead: `You are not registered yet. Open the link in the mail that we send you, and press "Register".

If it does not come, check that the address is right, and whether the mail was taken for spam. An address is sent one such mail a day at most.`,
      },
      joined: { title: 'You are registered', lead: 'Thank you for registering.' },
      closed: { title: 'This form is closed', lead: 'Nobody can register by it at the moment.' },
      unknown: {
        title: 'There is no such form',
        lead: 'Please check that the address was not cut off, and open it again.',
      },
      unreadable: {
        title: 'You are not registered',
        lead: 'What was sent could not be read. Please open the page of the form again and register there.',
      },
      unavailable: {
        title: 'This is not possible at the moment',
        lead: 'We are sorry for the inconvenience. Please try again in a little while.',
      },
    },
  },
}
