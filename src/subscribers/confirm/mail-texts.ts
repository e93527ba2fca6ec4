import type { Language } from '../../kernel/texts.ts'

/** The mail that asks whether it was really its reader who wants to join. It quotes nothing of whoever asked. */
export const MAIL_TEXTS: Record<Language, { readonly subject: string; readonly text: string }> = {
  ja: {
    subject: 'メール配信のご登録の確認',
    text: `このメールアドレスで、{{from}} からのメール配信のお申し込みがありました。
まだ登録は完了していません。

登録するには、7日以内に次のページを開き、「登録する」を押してください。
{{confirm_url}}

お心当たりがない場合は、このメールを破棄してください。何もしなければ登録されません。
`,
  },
  en: {
    subject: 'Please confirm your registration',
    text: `Somebody asked for mail from {{from}} to this address.
Nothing has been registered yet.

To register, open this page within 7 days and press "Register":
{{confirm_url}}

If this was not you, ignore this mail: nobody is registered unless they confirm.
`,
  },
}
