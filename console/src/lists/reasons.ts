import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('reasons', {
  ja: {
    unsubscribed: '登録解除',
    listed: '手動登録',
    complaint: '迷惑メール報告',
    blocked: '配信除外登録',
    'user-unknown': '宛先不明',
    'host-unknown': 'ドメイン不明',
    moved: '移転',
    disabled: 'アカウント停止',
    refused: '受信拒否',
    'error-count': 'エラーカウント超過',
    'one-click': 'ワンクリック',
    page: '登録解除ページ',
    api: 'API',
    cli: 'コマンド',
    console: '管理画面',
    import: 'ファイル',
    'smtp-reply': '送信時のエラー応答',
    inbound: '受信メール',
    form: '登録フォーム',
    'blank-mail': '空メール',
  },
  en: {
    unsubscribed: 'Unsubscribed',
    listed: 'Listed by hand',
    complaint: 'Complaint',
    blocked: 'Blocked',
    'user-unknown': 'No such mailbox',
    'host-unknown': 'No such domain',
    moved: 'Moved',
    disabled: 'Disabled',
    refused: 'Refuses mail',
    'error-count': 'Too many errors',
    'one-click': 'One-click',
    page: 'Unsubscribe page',
    api: 'API',
    cli: 'Command line',
    console: 'Console',
    import: 'File',
    'smtp-reply': 'SMTP reply',
    inbound: 'Incoming mail',
    form: 'Form',
    'blank-mail': 'Blank mail',
  },
})

/** Says why somebody is on a list, or how they came onto it; an unknown word is shown as it is. */
export function useReasons(): (word: string) => string {
  const t = useTexts()
  return (word) => t(word as Parameters<typeof t>[0], { defaultValue: word })
}
