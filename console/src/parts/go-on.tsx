import { Text } from '@mantine/core'
import { createTexts } from '../texts/i18n.ts'
import { Moment } from './moment.tsx'

const useTexts = createTexts('go-on', {
  ja: {
    nothing: '調べた範囲にはありませんでした。「次のページ」を押すと、その先を調べます。',
    before: '',
    after: ' 以降のリクエストを調べました。「次のページ」を押すと、それより前を調べます。',
    searching: '検索しています… ',
    searched: ' 以降のリクエストを調べ終えました。',
  },
  en: {
    nothing: 'Nothing in what was looked at so far. The next page looks further.',
    before: 'Looked at all requests since ',
    after: '. The next page looks further back.',
    searching: 'Searching… looked at all requests since ',
    searched: ' so far.',
  },
})

/** Shows how far a long search has come while it is under way. */
export function StillSearching({ lookedBackTo }: { lookedBackTo: string }) {
  const t = useTexts()
  return (
    <Text size="sm" role="status">
      {t('searching')}
      <Moment at={lookedBackTo} />
      {t('searched')}
    </Text>
  )
}

/** Says that a long search ended before everything was looked at, and how to go on. */
export function GoOn({ lookedBackTo }: { lookedBackTo?: string | null | undefined }) {
  const t = useTexts()
  return (
    <Text size="sm" role="status">
      {lookedBackTo ? (
        <>
          {t('before')}
          <Moment at={lookedBackTo} />
          {t('after')}
        </>
      ) : (
        t('nothing')
      )}
    </Text>
  )
}
