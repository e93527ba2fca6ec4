import type { Language } from '../texts/language.ts'

/**
 * What each refusal of the native interface means for people who work in the console, and what to do about it; a test
 * checks that none is missing.
 */
export const CODE_TEXTS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  ja: {
    'invalid-value': '入力された値は使えません。',
    'unknown-field': 'この項目は受け付けられません。画面を再読み込みして、もう一度お試しください。',
    'malformed-body': '内容を読み取れませんでした。',
    'too-large':
      '大きすぎるため、受け付けられませんでした。何も変更されていません。分割するか小さくして、もう一度お試しください。',
    'too-many-recipients': '一度に指定できる宛先の数を超えています。分割してください。',
    'unreadable-file': 'ファイルを読み取れませんでした。何も変更されていません。',
    unauthenticated:
      'サインインしていないため、続けられません。もう一度操作すると、この画面のままサインインできます。',
    forbidden: 'この操作を行う権限がありません。管理者に依頼してください。',
    'confirmation-needed': '影響の大きい操作のため、パスワードの再入力が必要です。もう一度実行してください。',
    'not-found': '対象が見つかりません。すでに削除された可能性があります。',
    'unknown-service': 'このサービスは存在しないか、利用できません。',
    'unknown-sender': 'この送信元アドレスは登録されていません。',
    'unknown-list': 'このリストは存在しません。',
    'unknown-filter': 'このフィルタは存在しません。ほかの人が削除した可能性があります。',
    'unknown-delivery': 'この配信は存在しません。',
    'unknown-message': 'このメールは保管されていません。',
    'unknown-import': 'このファイルの処理は存在しません。',
    'not-listed': 'このアドレスは、対象のリストに登録されていません。',
    'unknown-subscriber': 'このエンドユーザーは登録されていません。',
    'unknown-form': 'この登録フォームは存在しません。ほかの人が削除した可能性があります。',
    'from-not-allowed': 'この差出人アドレスは使えません。送信元アドレスを登録してください。',
    'sender-is-permanent': '登録した送信元アドレスは、解除も取り消しもできません。',
    'name-taken': '同じ名前のものがすでに登録されています。別の名前にしてください。',
    'request-id-reused': '同じリクエスト ID が、別の配信に使われています。',
    'same-import': '同じファイルが、このリストに対して処理中です。終わるまでお待ちください。',
    'wrong-state': '現在の状態では、この操作はできません。画面を再読み込みして状態を確認してください。',
    'changed-meanwhile': '編集しているあいだに、ほかの人が変更を保存しました。',
    unavailable: '一時的に利用できません。しばらくしてからもう一度お試しください。',
    internal: 'サーバーで問題が発生しました。続く場合は、管理者に連絡してください。',
  },
  en: {
    'invalid-value': 'This value cannot be used.',
    'unknown-field': 'This field is not taken. Reload the page and try again.',
    'malformed-body': 'What was sent cannot be read.',
    'too-large': 'This is too large, and nothing was changed. Divide it or make it smaller, and try again.',
    'too-many-recipients': 'These are too many recipients at once. Divide them.',
    'unreadable-file': 'The file cannot be read, and nothing was changed.',
    unauthenticated: 'You are signed out. Do it once more, and you can sign in where you are.',
    forbidden: 'You may not do this. Ask an administrator for the permission.',
    'confirmation-needed': 'This needs your password again. Try once more.',
    'not-found': 'There is no such thing. Somebody may have deleted it.',
    'unknown-service': 'There is no such service, or you may not use it.',
    'unknown-sender': 'This sender is not registered.',
    'unknown-list': 'There is no such list.',
    'unknown-filter': 'There is no such filter. Somebody else may have deleted it.',
    'unknown-delivery': 'There is no such delivery.',
    'unknown-message': 'This mail is not kept.',
    'unknown-import': 'There is no such import.',
    'not-listed': 'The address is on none of these lists.',
    'unknown-subscriber': 'There is no such subscriber.',
    'unknown-form': 'There is no such form. Somebody else may have deleted it.',
    'from-not-allowed': 'This From cannot be used. Register the sender.',
    'sender-is-permanent': 'A sender is registered for ever.',
    'name-taken': 'There is one of this name already. Choose another.',
    'request-id-reused': 'The request id was used for another delivery.',
    'same-import': 'The same file is being imported into this list. Wait until that has ended.',
    'wrong-state': 'This cannot be done in the present state. Reload the page to see it.',
    'changed-meanwhile': 'Somebody else saved a change while you were editing.',
    unavailable: 'Not available at the moment. Try again in a little while.',
    internal: 'Something went wrong on the server. If it goes on, tell an administrator.',
  },
}

/** Codes that stand for many different refusals: the server says which one it is, in English. */
export const DETAILED: ReadonlySet<string> = new Set([
  'invalid-value',
  'unknown-field',
  'malformed-body',
  'too-large',
  'unreadable-file',
  'from-not-allowed',
  'wrong-state',
])
