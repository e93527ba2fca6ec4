import type { Language } from '../../../kernel/texts.ts'

/** What the console's part of the server says where there is no page that could. */
export const CONSOLE_TEXTS: Readonly<
  Record<Language, Record<'failed' | 'unreadable' | 'tooLarge' | 'notBuilt', string>>
> = {
  ja: {
    failed: 'サーバーで問題が発生しました。しばらくしてから、もう一度お試しください。\n',
    unreadable: 'リクエストを読み取れません。\n',
    tooLarge: 'リクエストが大きすぎます。\n',
    notBuilt:
      '管理画面のファイルがまだ作成されていません。リポジトリで npm run console:build を実行してください。\n',
  },
  en: {
    failed: 'Something went wrong on our side. Try again in a little while.\n',
    unreadable: 'The request cannot be read.\n',
    tooLarge: 'The request is too large.\n',
    notBuilt: 'The console is not built. In the repository, npm run console:build builds it.\n',
  },
}
