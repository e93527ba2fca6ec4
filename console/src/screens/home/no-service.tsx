import { Code } from '@mantine/core'
import { Empty } from '../../parts/empty.tsx'
import { createTexts } from '../../texts/i18n.ts'

const useTexts = createTexts('no-service', {
  ja: {
    title: '利用できるサービスがありません',
    why: '管理者がサービスを登録し、このアカウントに許可すると、ここに表示されます。',
  },
  en: {
    title: 'There is no service that you may use',
    why: 'Once an administrator has made one and granted it to you, it is shown here.',
  },
})

export function NoService() {
  const t = useTexts()
  return (
    <Empty title={t('title')} action={<Code>npm run kaijo -- provision FILE</Code>}>
      {t('why')}
    </Empty>
  )
}
