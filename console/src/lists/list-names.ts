import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('list-names', {
  ja: {
    'hard-bounces': 'ハードバウンス',
    complaints: '迷惑メール報告',
    blocklist: '配信除外',
    auto: '行ごと(ファイルの記載による)',
    sender: '{{name}} の購読停止',
    filter: 'フィルタ「{{name}}」の購読停止',
  },
  en: {
    'hard-bounces': 'Hard bounces',
    complaints: 'Complaints',
    blocklist: 'Blocklist',
    auto: 'As each row says',
    sender: 'Unsubscribed from {{name}}',
    filter: 'Unsubscribed from the filter “{{name}}”',
  },
})

/** What people call a list that the native interface names. */
export function useListNames(): (list: string) => string {
  const t = useTexts()
  return (list) => {
    const [kind = '', name = ''] = /^(sender|filter):(.*)$/s.exec(list)?.slice(1) ?? []
    return kind ? t(kind as 'sender', { name }) : t(list as 'blocklist', { defaultValue: list })
  }
}
