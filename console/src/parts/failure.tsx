import { Alert, Button, List, Stack } from '@mantine/core'
import { Unreachable } from '../api/reach.ts'
import { Refusal } from '../api/refusal.ts'
import { useFrameTexts } from '../app/texts.ts'
import { describeRefusal } from '../refusals/describe-refusal.ts'
import { useLanguage } from '../texts/i18n.ts'

/** An error in a sentence that says what to do, with a way to try again. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const t = useFrameTexts()
  const [first, ...others] = useFailureSentences()(error)
  return (
    <Alert color="red" role="alert" title={t('failed')}>
      <Stack align="flex-start" gap="sm">
        {others.length === 0 ? (
          first
        ) : (
          <List size="sm">
            {[first, ...others].map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        )}
        {reset && (
          <Button size="xs" variant="default" onClick={reset}>
            {t('tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** An error in the reader's language, one sentence per mistake. */
export function useFailureSentences(): (error: unknown) => string[] {
  const t = useFrameTexts()
  const [language] = useLanguage()
  return (error) => {
    if (error instanceof Refusal) return describeRefusal(error.mistakes, language)
    return [t(error instanceof Unreachable ? 'offline' : 'broken')]
  }
}
