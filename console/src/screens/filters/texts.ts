import { createTexts } from '../../texts/i18n.ts'

export const useFilterTexts = createTexts('filters', {
  ja: {
    title: '購読解除フィルタ',
    about:
      'メールのヘッダの値によって、購読解除の対象を送信元アドレスより細かく分けます。上から順に照合し、最初に一致したフィルタのリンクがメールに付きます。',
    create: 'フィルタを登録',
    edit: 'フィルタを編集',
    change: '編集',
    remove: '削除',
    up: '上へ',
    down: '下へ',
    name: 'フィルタ名',
    header: 'ヘッダ名',
    pattern: '値',
    match: '照合方法',
    exact: '完全一致',
    regex: '正規表現',
    actions: '操作',
    order: '順番',
    comma: '、',
    moveAnyway: 'それでも移動する',
    removeAnyway: 'それでも削除する',
    none: 'まだフィルタがありません',
    noneWhy:
      '例えば X-List ヘッダが tips のメールだけを購読解除できるようにします。フィルタがなければ、送信元アドレスごとに購読解除されます。',
    removeWhy:
      'フィルタ「{{name}}」を削除すると、これから配信するメールには適用されなくなります。購読解除された人のリストは保管され、配信済みのメールのリンクはこれからも有効です。',
    save: '保存',
    cancel: 'キャンセル',
  },
  en: {
    title: 'Filters',
    about:
      'By the value of a header field, people can unsubscribe from less than all mail of a sender. Filters are tried from top to bottom; the link of the first one that matches goes into the mail.',
    create: 'Create a filter',
    edit: 'Edit the filter',
    change: 'Edit',
    remove: 'Delete',
    up: 'Move up',
    down: 'Move down',
    name: 'Name',
    header: 'Header field',
    pattern: 'Value',
    match: 'Match',
    exact: 'Exactly',
    regex: 'Regular expression',
    actions: 'Actions',
    order: 'Order',
    comma: ', ',
    moveAnyway: 'Move it all the same',
    removeAnyway: 'Delete it all the same',
    none: 'There is no filter yet',
    noneWhy:
      'With one, people can for example unsubscribe from mail whose X-List is tips alone. Without, they unsubscribe from a sender.',
    removeWhy:
      'Mail that is sent from now on is no longer held to the filter “{{name}}”. Its list of who unsubscribed is archived, and the links in mail that was sent work for ever.',
    save: 'Save',
    cancel: 'Cancel',
  },
})
