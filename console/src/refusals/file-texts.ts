/** Says in Japanese what is wrong with a file and what to do about it, given the server's sentence. */
type Text = readonly [sentence: RegExp, inJapanese: (...found: string[]) => string]

const KINDS: Readonly<Record<string, string>> = {
  'an Excel workbook': 'Excel ブック',
  'an OpenDocument spreadsheet': 'OpenDocument の表計算ファイル',
  'an HTML page': 'HTML ファイル',
  XML: 'XML ファイル',
  JSON: 'JSON ファイル',
  'an Office document': 'Word や PowerPoint などの Office 文書',
  'a PDF': 'PDF',
  'a ZIP archive': 'ZIP ファイル',
  'a 7z archive': '7z ファイル',
  'a RAR archive': 'RAR ファイル',
}
const FORMATS: Readonly<Record<string, string>> = {
  CSV: 'CSV',
  'plain text': 'テキスト形式(.txt)',
  'CSV UTF-8': 'Excel などで「CSV UTF-8(コンマ区切り)(*.csv)」',
  'text in UTF-8, one address a line': '1 行に 1 アドレスのテキストファイル(UTF-8)',
}

/** Images and compressed files are named by their format. */
function kindOf(what: string): string {
  const image = /^an? (\S+) image$/.exec(what)?.[1]
  const packer = /^compressed by (.+)$/.exec(what)?.[1]
  if (image !== undefined) return `画像(${image})`
  return packer === undefined ? (KINDS[what] ?? what) : `${packer} で圧縮されたファイル`
}

const TEXTS: readonly Text[] = [
  [/^the file is empty$/, () => 'ファイルが空です。メールアドレスを入れたファイルを選んでください。'],
  [
    /^the file has no data rows$/,
    () => 'メールアドレスの行がありません。1 行に 1 件ずつ、メールアドレスを入れてください。',
  ],
  [
    /^the file is not (CSV|plain text): it is (.+)$/,
    (format = '', what = '') =>
      `中身は ${kindOf(what)} です。${FORMATS[format]} のファイルを選んでください。`,
  ],
  [
    /^the file is (.+): save it as (CSV UTF-8|text in UTF-8, one address a line)$/,
    (what = '', format = '') =>
      `中身は ${kindOf(what)} です。拡張子を変えるだけでなく、${FORMATS[format]} で保存し直してください。`,
  ],
  [
    /^the file is (.+): unpack it first$/,
    (what = '') => `中身は ${kindOf(what)} です。展開(解凍)してから、中のファイルを選んでください。`,
  ],
  [/^the file is (\S+): save it/, (name) => `文字コードが ${name} です。UTF-8 で保存し直してください。`],
  [
    /^the file is not UTF-8 and reads as (\S+):/,
    (name) => `文字コードが UTF-8 ではなく、${name} のようです。UTF-8 で保存し直してください。`,
  ],
  [
    /^the file is not (\S+): see byte (\d+)$/,
    (name, byte) =>
      `先頭から ${byte} バイト目が ${name} の文字ではありません。UTF-8 で保存し直してください。`,
  ],
  [
    /^the file is neither UTF-8 nor (\S+): (?:see )?byte (\d+)/,
    (name, byte) =>
      `先頭から ${byte} バイト目が UTF-8 でも ${name} でもない文字です。UTF-8 で保存し直してください。`,
  ],
  [
    /^byte (\d+) is NUL$/,
    (byte) =>
      `先頭から ${byte} バイト目に、文字ではないデータ(NUL)があります。元のファイルを確認し、UTF-8 で保存し直してください。`,
  ],
  [
    /NUL character after row (\d+)$/,
    (row) =>
      `${row} 行目より後に、文字ではないデータ(NUL)があります。元のファイルを確認し、UTF-8 で保存し直してください。`,
  ],
  [
    /^the file holds a NUL character$/,
    () => '文字ではないデータ(NUL)が含まれています。元のファイルを確認し、UTF-8 で保存し直してください。',
  ],
  [
    /^row (\d+) does not end within (\d+) characters/,
    (row, most) =>
      `${row} 行目が長すぎます(${grouped(most)} 文字を超えています)。改行の抜けや、引用符(")の閉じ忘れがないか確認してください。`,
  ],
  [
    /^row (\d+): a quote is opened/,
    (row) => `${row} 行目の引用符(")が閉じられていません。引用符を閉じるか、取り除いてください。`,
  ],
  [
    /^row (\d+): a quoted field goes on/,
    (row) =>
      `${row} 行目で、閉じた引用符(")の後ろに文字が続いています。値の全体を引用符で囲むか、引用符を取り除いてください。`,
  ],
  [
    /^row (\d+), the header, has no column email/,
    (row) =>
      `${row} 行目(見出し)に email カラムがありません。メールアドレスの列の見出しを email にしてください。`,
  ],
  [
    /^row (\d+), the header, is not that of a known export/,
    (row) => `${row} 行目(見出し)から、登録先のリストを判別できません。登録先のリストを指定してください。`,
  ],
  [
    /^row (\d+), the header, has two columns named email: columns (\d+) and (\d+)$/,
    (row, first, second) =>
      `${row} 行目(見出し)に email カラムが複数あります(${first} 列目と ${second} 列目)。1 つだけにしてください。`,
  ],
  [
    /^row (\d+), the header, has two columns of addresses$/,
    (row) => `${row} 行目(見出し)にメールアドレスのカラムが複数あります。1 つだけにしてください。`,
  ],
  [
    /^row (\d+), the header, has two columns named (.*)$/s,
    (row, name) => `${row} 行目(見出し)に「${name}」のカラムが複数あります。1 つだけにしてください。`,
  ],
  [
    /^row (\d+), the header: /,
    (row) =>
      `${row} 行目(見出し)のカラム名が使えません。属性のカラムは 50 個まで、名前はそれぞれ 100 文字以内の 1 行にしてください。`,
  ],
  [
    /^more than (\d+) rows cannot be taken as subscribers: see row (\d+)$/,
    (most, row) =>
      `登録できない行が ${grouped(most)} 行を超えました(${row} 行目)。ファイルの内容を確認してください。`,
  ],
  [
    /^row (\d+) is one more than the (\d+) data rows/,
    (row, most) => `1 つのファイルに入れられるのは ${grouped(most)} 件までです(${row} 行目で超えています)。`,
  ],
  [
    /^the file has more than (\d+) bytes/,
    (most) => `1 つのファイルは ${grouped(most)} バイト(${Number(most) / 1_048_576} MB)までです。`,
  ],
  [
    /^the rows are of (\d+) lists, more than (\d+)$/,
    (lists, most) =>
      `1 つのファイルで登録できるリストは ${grouped(most)} 個までです(${grouped(lists)} 個あります)。`,
  ],
  [/^send less in one request$/, () => '一度に送る量を減らしてください。'],
  [
    /^the body was cut off after byte (\d+)(?: of \d+)?$/,
    (byte) => `送信が途中(${grouped(byte)} バイト)で切れました。接続を確認して、もう一度お試しください。`,
  ],
]

/** Undefined for a sentence that is not about a file. */
export function fileInJapanese(sentence: string): string | undefined {
  for (const [pattern, inJapanese] of TEXTS) {
    const [found, ...parts] = pattern.exec(sentence) ?? []
    if (found !== undefined) return inJapanese(...parts)
  }
  return undefined
}

/** The server's sentence without the option that callers of the interface have and people in the console do not. */
export function asOffered(sentence: string): string {
  return sentence.replace(', or name its encoding', '')
}

function grouped(digits = ''): string {
  return Number(digits).toLocaleString('ja')
}
