import type { Language } from '../../texts/language.ts'

/** A finding about a sender's domain, as judged by `kaijo doctor`. */
export interface Finding {
  name: string
  status: 'ok' | 'warning' | 'failed'
  detail: string
  advice: string | null
  /** Which of the known judgements it is, and its evidence: a record, a URL, an error's code. */
  verdict: string | null
  seen: string | null
}

type Words = readonly [about: string, seen: string, advice?: string | null]

const URL_NAME = 'base_url の到達性'

/**
 * In Japanese: the subject, what was seen, and what to do. A test checks that no judgement of the doctor's is missing.
 */
export const FINDINGS_IN_JAPANESE: Readonly<Record<string, (seen: string) => Words>> = {
  'spf-published': (record) => ['SPF', record],
  'spf-missing': () => [
    'SPF',
    'レコードが登録されていません。',
    '送信に使うサーバーを示す TXT レコード(例: "v=spf1 include:… -all")をドメインに登録してください。Gmail や Yahoo が求めています。',
  ],
  'spf-several': (count) => [
    'SPF',
    `レコードが ${count} 個登録されています。`,
    '1 つのレコードにまとめてください。複数あると SPF は失敗します(RFC 7208 4.5)。',
  ],
  'spf-open': (record) => [
    'SPF',
    record,
    'このドメインを名乗るメールを誰でも送信できる設定です。末尾を -all か ~all にしてください。',
  ],
  'spf-unseen': (reason) => ['SPF', ...unseen(reason)],
  'dmarc-published': (policy) => ['DMARC', policy],
  'dmarc-missing': (name) => [
    'DMARC',
    'レコードが登録されていません。',
    `少なくとも "v=DMARC1; p=none" の TXT レコードを ${name} に登録してください。Gmail や Yahoo が一括送信者に求めています。`,
  ],
  'dmarc-ignored': (record) => [
    'DMARC',
    record,
    'p=none、p=quarantine、p=reject のいずれもないため、受信側に無視されます。レコードを修正してください。',
  ],
  'dmarc-unseen': (reason) => ['DMARC', ...unseen(reason)],
  'url-leads-here': (url) => [URL_NAME, `${url} は、リダイレクトも Cookie もなく Kaijo に届きます。`],
  'url-untrusted': (url) => [
    URL_NAME,
    `${url} の証明書を信頼できません。`,
    'メール事業者も接続を拒否します。この名前の証明書を、中間証明書も含めて設置してください。',
  ],
  'url-unreachable': (url) => [
    URL_NAME,
    `${url} には、このサーバーから接続できません。`,
    '外部からは接続できる場合があります。外のネットワークにつながる端末からも確認してください。',
  ],
  'url-redirects': (url) => [
    URL_NAME,
    `${url} はリダイレクトします。`,
    'RFC 8058 ではリダイレクトが禁じられています。転送先を KAIJO_PUBLIC_URL に設定するか、プロキシの転送を止めてください。',
  ],
  'url-closed': (url) => [
    URL_NAME,
    `${url} はアクセスを拒否します。`,
    'メール事業者はサインインしません。プロキシやファイアウォールで、誰でも接続できるようにしてください。',
  ],
  'url-cookie': (url) => [
    URL_NAME,
    `${url} は Cookie を付けて応答します。`,
    'この URL では Cookie を付けないよう、プロキシを設定してください(RFC 8058 3.1)。',
  ],
  'url-down': (url) => [
    URL_NAME,
    `${url} はエラーを返します。`,
    'Kaijo か、その手前のプロキシが動作していません。起動しているか確認してください。',
  ],
  'url-elsewhere': (url) => [
    URL_NAME,
    `${url} に応答しているのは、この Kaijo ではありません。`,
    'KAIJO_PUBLIC_URL へのアクセスが、パスも含めてこの Kaijo に届くように、プロキシか DNS を設定してください。',
  ],
  'url-local': (url) => [
    'https',
    `${url} は、このサーバーの中からしか使えません。`,
    '受信者とメール事業者が接続できる https の URL を KAIJO_PUBLIC_URL に設定してください。',
  ],
}

/** In the doctor's own words where there is no other text. */
export function inWords({ name, detail, advice, verdict, seen }: Finding, language: Language): Words {
  const words = language === 'ja' ? FINDINGS_IN_JAPANESE[verdict ?? '']?.(seen ?? '') : undefined
  return words ?? [name, detail, advice]
}

function unseen(reason: string): [string, string] {
  return [
    `DNS に問い合わせできませんでした(${reason})。`,
    '登録されていないとは限りません。ネットワークと DNS サーバーを確認して、もう一度お試しください。',
  ]
}
