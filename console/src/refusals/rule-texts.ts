/** Says in Japanese which rule a value breaks, given the server's sentence. */
type Rule = readonly [sentence: RegExp, inJapanese: (...found: string[]) => string]

const RULES: readonly Rule[] = [
  [/^is missing$|^must not be empty|expected string to have >=1 /, () => '入力してください。'],
  [/^must have at most (\S+) characters$/, (most) => `${most} 文字以内で入力してください。`],
  [/expected string to have <=(\d+) characters$/, (most) => `${most} 文字以内で入力してください。`],
  [/^must have at least (\d+) characters$/, (least) => `${least} 文字以上で入力してください。`],
  [/expected string to have >=(\d+) characters$/, (least) => `${least} 文字以上で入力してください。`],
  [/^must have at most (\d+) KiB$/, (most) => `${most} KiB 以下にしてください。`],
  [/^must have at most (\d+) pixels a side/, (most) => `縦横とも ${most} ピクセル以下にしてください。`],
  [/^must be at least (\S+) mails a second$/, (least) => `毎秒 ${least} 通以上にしてください。`],
  [/^must be a number of mails a second$/, () => '1 秒あたりの配信数を入力してください。'],
  [/^must be at most (\S+) mails a second$/, (most) => `毎秒 ${most} 通以下にしてください。`],
  [/^must (?:have )?(?:be )?at most (\d+)(?: entries)?$/, (most) => `${most} 件以内にしてください。`],
  [/expected (?:number|int) to be >=(-?[\d.]+)$/, (least) => `${least} 以上の数値を入力してください。`],
  [/expected (?:number|int) to be <=(-?[\d.]+)$/, (most) => `${most} 以下の数値を入力してください。`],
  [/expected (?:number|int) to be >0$/, () => '1 以上の数値を入力してください。'],
  [/expected (?:number|int)\b/, () => '数値を入力してください。'],
  [
    /^must be a number from (\d+) to (\d+)/,
    (from, to) => `${from} から ${to} までの数値を入力してください。`,
  ],
  [/^must be a positive number$/, () => '1 以上の数値を入力してください。'],
  [/expected string, received/, () => '文字で入力してください。'],
  [/Invalid option|expected one of/, () => '選択肢の中から選んでください。'],
  [/\bis not a mail address$|^must be a mail address$/, () => 'メールアドレスの形式で入力してください。'],
  [/^must be one mail address/, () => 'メールアドレスを 1 つ入力してください。'],
  [/^must be an IANA time zone/, () => 'タイムゾーンの名前(例: Asia/Tokyo)を指定してください。'],
  [/^must be (?:named by )?a domain/, () => 'ドメイン(例: example.com)を入力してください。'],
  [/^does not name a host$/, () => 'ホスト名か IP アドレスだけを入力してください。'],
  [/^has no port to connect to$/, () => '1 から 65535 までのポート番号を入力してください。'],
  [
    /^needs both a user name and a password/,
    () => 'ユーザー名とパスワードの両方を入力するか、どちらも空欄にしてください。',
  ],
  [/^has a masked password/, () => 'パスワードを入力してください。'],
  [/^is not a URL like smtp:/, () => 'ホスト名とポート番号を確認してください。'],
  [/^does not begin with smtp:/, () => 'smtp:// か smtps:// で始めてください。'],
  [/^must be an https URL/, () => 'https:// で始まる URL を入力してください。'],
  [/^must be an origin/, () => 'https://www.example.com の形式で入力してください。'],
  [/^stands there twice/, () => '同じものが 2 回指定されています。'],
  [/^must be there: the form is offered/, () => 'この言語でも入力してください。'],
  [/^must be there in every language/, () => 'すべての言語で入力するか、すべて空欄にしてください。'],
  [/^must be there for a choice/, () => '選択肢を 1 つ以上入力してください。'],
  [/^must hold texts in ja/, () => '日本語か英語の少なくとも一方の文言を入力してください。'],
  [/^needs a sender that the mail/, () => '確認メールを送る送信元アドレスを、先に登録してください。'],
  [/^must be a colour/, () => '#rrggbb の形式で色を指定してください。'],
  [/^must be a URL that begins with https/, () => 'https:// で始まる URL を入力してください。'],
  [/^must be a PNG, JPEG or WebP/, () => 'PNG、JPEG、WebP のいずれかの画像を選んでください。'],
  [/^must be immediate, or daily/, () => '「すぐに」か、時刻(例: 03:00)を指定してください。'],
  [
    /^must be 5 to 15 letters/,
    () => '半角の英数字と . - _ を使って、5 文字以上 15 文字以内で入力してください。',
  ],
  [/^must hold visible ASCII/, () => '半角の英数字と記号だけを使ってください(空白は使えません)。'],
  [/control (?:characters|or half)/, () => '改行などの制御文字は使えません。'],
  [/NUL or half characters/, () => '使用できない文字が含まれています。'],
  [/^must be a single line/, () => '1 行で入力してください。'],
  [/^must not hold a colon$/, () => 'コロン(:)は使えません。'],
  [/^is not a header name$/, () => 'ヘッダ名として使えない文字が含まれています。'],
  [/^must not begin or end with a blank/, () => '前後の空白を取り除いてください。'],
  [/^must not end in \(archived\)/, () => '末尾を (archived) にすることはできません。'],
  [/regular expression/, () => '正規表現(RE2)として読み取れません。'],
  [/^must be a day/, () => '日付を正しく入力してください。'],
  [/must not come before from/, () => '終了日は開始日以降にしてください。'],
  [/^must end in \.csv$/, () => '拡張子が .csv のファイルを選んでください。'],
  [/period|at most (\d+) days/, () => '期間が長すぎるか、正しくありません。'],
  [/^must be the file itself$/, () => 'ファイルを選んでください。'],
]

/** Undefined for a rule without a Japanese text. */
export function ruleInJapanese(sentence: string): string | undefined {
  for (const [pattern, inJapanese] of RULES) {
    const [found, ...parts] = pattern.exec(sentence) ?? []
    if (found !== undefined) return inJapanese(...parts)
  }
  return undefined
}
