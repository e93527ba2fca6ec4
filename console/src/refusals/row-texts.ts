import { ruleInJapanese } from './rule-texts.ts'

/** Says in Japanese why a row of a file was left out, by the server's words; those themselves where nobody put them into Japanese. */
export function rowInJapanese(reason: string): string {
  if (reason === 'there is no address') return 'メールアドレスがありません。'
  if (reason === 'this is no mail address') return 'メールアドレスの形式ではありません。'
  const [, most] = /^the row has more than (\d+) bytes$/.exec(reason) ?? []
  if (most) return `1 行は ${Number(most).toLocaleString('ja')} バイトまでです。`
  const [, userIds, attribute = '', rule] = /^(?:(userIds)|attributes)\.?(.*?) (\S.* .*)$/s.exec(reason) ?? []
  if (rule === undefined) return reason
  return `${userIds ? 'ユーザーID' : attribute}: ${ruleInJapanese(rule) ?? rule}`
}
