import type { FormRequest } from '../../src/tenants/form-rules.ts'

/** A registration form as a shop might have it. */
export const SOME_FORM = {
  name: 'メルマガ登録',
  texts: {
    ja: {
      title: 'メールマガジンのご登録',
      lead: '新商品とセールのお知らせを、毎週木曜日にお届けします。',
      consent: 'プライバシーポリシーに同意します',
      done: 'ご登録ありがとうございます。次の木曜日をお楽しみに。',
    },
  },
  fields: [
    { attribute: 'name', type: 'text', label: { ja: 'お名前' }, required: true },
    {
      ...{ attribute: 'area', type: 'choice', label: { ja: 'お住まいの地域' } },
      choices: ['東日本', '西日本'].map((value) => ({ value, label: { ja: value } })),
    },
  ],
} satisfies FormRequest
