import { createTexts } from '../../texts/i18n.ts'

export const useOneClickTexts = createTexts('one-click', {
  ja: {
    title: 'ワンクリック登録解除リスト管理',
    about:
      'ワンクリック登録解除者のリストを取得し、再配信を設定します。「エラーカウントリセット」権限を持つ利用者だけが操作できます。',
    export: 'ワンクリック登録解除リスト エクスポート機能',
    exportWhy:
      '配信リストからは自動では削除されません。エクスポートした内容を、お持ちの配信リストに反映してください。自動除外の期間が終わると再び配信対象になります。',
    headerFrom: 'Header From(送信元アドレス)',
    from: '開始日',
    to: '終了日',
    period: '指定期間(7 日間まで)',
    missing: '日付を入力してください。',
    tooLong: '指定できる期間は 7 日間までです。',
    reversed: '終了日には開始日以降の日付を指定してください。',
    run: 'データエクスポート',
    zone: '日付は {{zone}} の暦日です。',
    resume: 'ワンクリック登録解除リスト 再配信設定',
    resumeWhy: '配信を再開したいメールアドレスを 1 行に 1 件記載したテキストファイルを選択します。',
    set: '設定する',
    search: '登録解除者の検索',
    noSender: 'ワンクリック登録解除の対象となる送信元アドレスがありません',
    noSenderWhy: '送信元アドレスを登録すると、ここで登録解除者を管理できます。',
  },
  en: {
    title: 'One-click lists',
    about:
      'Get who unsubscribed by one click, and let mail go to them again. Only people with the permission “error count reset” may do this.',
    export: 'Export',
    exportWhy:
      'Your own address lists are not changed: take what you export into them. When the time of exclusion is over, mail goes out again.',
    headerFrom: 'Header From',
    from: 'From',
    to: 'To',
    period: 'Period (7 days at most)',
    missing: 'Enter a day.',
    tooLong: 'A period has 7 days at most.',
    reversed: 'The last day must not be before the first one.',
    run: 'Export',
    zone: 'Days are those of {{zone}}.',
    resume: 'Resume by file',
    resumeWhy: 'Choose a text file with one address a line: mail goes to them again.',
    set: 'Resume by file',
    search: 'Who unsubscribed',
    noSender: 'No sender takes one-click unsubscribes',
    noSenderWhy: 'Register a sender, and who unsubscribes is shown here.',
  },
})
