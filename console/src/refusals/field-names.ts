import type { Language } from '../texts/language.ts'

type Names = Readonly<Record<string, Readonly<Record<Language, string>>>>

/** What people call the fields of the native interface. */
export const FIELD_NAMES: Names = {
  address: { ja: 'メールアドレス', en: 'Address' },
  addresses: { ja: 'メールアドレス', en: 'Addresses' },
  email: { ja: 'メールアドレス', en: 'E-mail address' },
  name: { ja: '名前', en: 'Name' },
  header: { ja: 'ヘッダ名', en: 'Header field' },
  pattern: { ja: '値', en: 'Value' },
  match: { ja: '照合方法', en: 'Match' },
  position: { ja: '順番', en: 'Position' },
  list: { ja: 'リスト', en: 'List' },
  reason: { ja: '理由', en: 'Reason' },
  state: { ja: '状態', en: 'State' },
  sender: { ja: '送信元アドレス', en: 'Sender' },
  recipient: { ja: '宛先', en: 'Recipient' },
  service: { ja: 'サービス', en: 'Service' },
  services: { ja: 'サービス', en: 'Services' },
  siteId: { ja: 'サイト', en: 'Site' },
  role: { ja: '役割', en: 'Role' },
  permissions: { ja: '権限', en: 'Permissions' },
  password: { ja: 'パスワード', en: 'Password' },
  key: { ja: 'キー', en: 'Key' },
  from: { ja: '開始日', en: 'From' },
  to: { ja: '終了日', en: 'To' },
  limit: { ja: '件数', en: 'Number' },
  cursor: { ja: 'ページの位置', en: 'Page' },
  contains: { ja: 'アドレスの一部', en: 'Part of the address' },
  userIds: { ja: 'ユーザー ID', en: 'User ids' },
  attributes: { ja: '属性', en: 'Attributes' },
  file: { ja: 'ファイル', en: 'File' },
  encoding: { ja: '文字コード', en: 'Encoding' },
  count: { ja: 'エラーカウント', en: 'Error count' },
  actor: { ja: '操作した人', en: 'Who' },
  action: { ja: '操作', en: 'Action' },
  subject: { ja: '対象', en: 'Subject' },
  title: { ja: 'タイトル', en: 'Title' },
  lead: { ja: '説明文', en: 'Introduction' },
  button: { ja: 'ボタン', en: 'Button' },
  consent: { ja: '同意文', en: 'Consent' },
  done: { ja: '登録完了の文言', en: 'Said after registering' },
  mailSubject: { ja: '確認メールの件名', en: 'Subject of the mail' },
  mailText: { ja: '確認メールの冒頭', en: 'Beginning of the mail' },
  attribute: { ja: '属性名', en: 'Attribute' },
  redirectUrl: { ja: '登録完了後のページ', en: 'Page after registering' },
  embedOrigins: { ja: 'フレームで表示するサイト', en: 'Sites that show it in a frame' },
  doubleOptIn: { ja: '確認メール', en: 'Confirmation by mail' },
  'fields.label.ja': { ja: '項目の名前(日本語)', en: 'Name of the field (Japanese)' },
  'fields.label.en': { ja: '項目の名前(英語)', en: 'Name of the field (English)' },
  logo: { ja: 'ロゴ', en: 'Logo' },
  revision: { ja: '編集内容', en: 'Edited state' },
  timeZone: { ja: 'タイムゾーン', en: 'Time zone' },
  exportPassword: { ja: 'ZIP ファイルのパスワード', en: 'Password of ZIP files' },
  relay: { ja: 'リレー', en: 'Relay' },
  allowedDomains: { ja: '使用できるドメイン', en: 'Allowed domains' },
  'lifetimeDays.sender': { ja: '送信元アドレスごとの購読停止', en: 'Unsubscribed from a sender' },
  'lifetimeDays.filter': { ja: 'フィルタごとの購読停止', en: 'Unsubscribed from a filter' },
  'lifetimeDays.hardBounces': { ja: 'ハードバウンス', en: 'Hard bounces' },
  'lifetimeDays.complaints': { ja: '迷惑メール報告', en: 'Complaints' },
  'lifetimeDays.blocklist': { ja: '配信除外', en: 'Blocklist' },
  'settings.automaticExclusion': {
    ja: 'ワンクリック登録解除した人を自動的に配信から除外する',
    en: 'Exclude whoever unsubscribed by one click automatically',
  },
  'settings.softBounceThreshold': { ja: 'エラーカウントのしきい値', en: 'Threshold of errors' },
  'settings.softBounceDays': { ja: 'エラーを数える期間(日)', en: 'Window for errors (days)' },
  'settings.cancelMode': {
    ja: '購読解除の取り消しを反映するとき',
    en: 'When cancelled unsubscribes take effect',
  },
  'settings.blankMail': { ja: '空メールでの登録', en: 'Joining by blank mail' },
  'settings.exportEncryption': { ja: 'ZIP の暗号化方式', en: 'Encryption of ZIP files' },
  'settings.evidenceDays': { ja: '操作と証跡の記録', en: 'Events and their evidence' },
  'settings.mailDays': { ja: 'メールの内容', en: 'Contents of mail' },
  'settings.messageDays': { ja: '配信の結果', en: 'What became of mail' },
  'settings.inboundDays': { ja: '受信メール', en: 'Incoming mail' },
  'settings.opaqueDays': { ja: 'お客様の識別子(opaque_part)', en: 'Opaque parts' },
  'settings.confirmationFrom': { ja: '確認メールの差出人', en: 'From of mails that ask to confirm' },
  'settings.confirmationName': { ja: '確認メールの差出人名', en: 'Name in mails that ask to confirm' },
  'settings.confirmationsPerHour': {
    ja: '1 時間あたりの確認メール',
    en: 'Mails that ask to confirm per hour',
  },
  'settings.confirmationsPerDay': {
    ja: '24 時間あたりの確認メール',
    en: 'Mails that ask to confirm in 24 hours',
  },
  'settings.feedbackId': { ja: 'Feedback-ID の送信者 ID', en: 'Sender id of Feedback-ID' },
  'settings.mailsPerSecond': { ja: '1 秒あたりの配信数', en: 'Mails per second' },
  'settings.connections': { ja: 'リレーへの同時接続数', en: 'Connections to the relay' },
  'settings.domainRates': {
    ja: '宛先ドメインごとの配信の速さ',
    en: 'Mails per second by domain',
  },
  'settings.araraV1Times': { ja: 'arara API v1 の日時の形式', en: 'Times in API v1 of arara' },
  'settings.mailsPerDay': { ja: '1 日あたりの配信数', en: 'Mails per day' },
  'settings.refuseWhenAllExcluded': {
    ja: '宛先がすべて除外されるメールを SMTP で拒否する',
    en: 'Refuse mail by SMTP all of whose recipients are excluded',
  },
  'settings.otherListsOnPage': {
    ja: '解除ページにほかのリストも表示する',
    en: 'Show the other lists on the unsubscribe page too',
  },
  'page.name': { ja: '表示名', en: 'Name' },
  'page.accent': { ja: 'アクセントカラー', en: 'Accent colour' },
  'page.privacyUrl': { ja: 'プライバシーポリシーの URL', en: 'URL of the privacy policy' },
  'page.language': { ja: '既定の言語', en: 'Language' },
  'page.texts.ja.ask': { ja: '停止の確認(日本語)', en: 'Before stopping (Japanese)' },
  'page.texts.ja.stopped': { ja: '停止の完了(日本語)', en: 'After stopping (Japanese)' },
  'page.texts.ja.alreadyStopped': { ja: '停止済み(日本語)', en: 'Stopped before (Japanese)' },
  'page.texts.ja.resumed': { ja: '再開の完了(日本語)', en: 'After coming back (Japanese)' },
  'page.texts.ja.footer': { ja: 'フッター(日本語)', en: 'Footer (Japanese)' },
  'page.texts.en.ask': { ja: '停止の確認(英語)', en: 'Before stopping (English)' },
  'page.texts.en.stopped': { ja: '停止の完了(英語)', en: 'After stopping (English)' },
  'page.texts.en.alreadyStopped': { ja: '停止済み(英語)', en: 'Stopped before (English)' },
  'page.texts.en.resumed': { ja: '再開の完了(英語)', en: 'After coming back (English)' },
  'page.texts.en.footer': { ja: 'フッター(英語)', en: 'Footer (English)' },
}

/** Fields whose entries have names of their own. */
const OPEN = ['settings.domainRates']

/**
 * A field as people call it; a field without such a name keeps that of the interface. `items[3].to` gets the name of
 * `to`, with its position.
 */
export function nameOfField(field: string, language: Language): string {
  const [, place] = /\[(\d+)\]/.exec(field) ?? []
  const plain = field.replace(/\[\d+\]/g, '')
  const open = OPEN.find((prefix) => plain.startsWith(`${prefix}.`))
  if (open !== undefined) return `${nameOfField(open, language)}: ${plain.slice(open.length + 1)}`
  const known = FIELD_NAMES[plain] ?? FIELD_NAMES[plain.replace(/^.*\./, '')]
  const name = known ? known[language] : plain
  if (place === undefined) return name
  const number = Number(place) + 1
  return language === 'ja' ? `${name}(${number} 件目)` : `${name} (number ${number})`
}
