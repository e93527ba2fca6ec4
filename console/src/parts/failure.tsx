import { Alert, Button, Stack } from '@mantine/core'
import { Refusal } from '../api/refusal.ts'
import { useFrameTexts } from '../app/texts.ts'

/** What went wrong, in a sentence that says what to do, and a way to try again. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const t = useFrameTexts()
  return (
    <Alert color="red" role="alert" title={t('failed')}>
      <Stack align="flex-start" gap="sm">
        <span style={{ whiteSpace: 'pre-line' }}>{describe(error, t)}</span>
        {reset && (
          <Button size="xs" variant="default" onClick={reset}>
            {t('tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** Refusals of which the kind is told in the person's language before the server's words, which name what was found. */
const KINDS = ['unreadable-file', 'too-large', 'same-import', 'name-taken', 'wrong-state'] as const

/** A sentence for the person: in their language where the kind of the refusal says enough, else as the server words it. */
function describe(error: unknown, t: ReturnType<typeof useFrameTexts>): string {
  if (!(error instanceof Refusal)) return t('offline')
  if (error.code === 'forbidden') return t('forbidden')
  if (error.status >= 500) return t('unavailable')
  if (error.status === 401) return t('signedOut')
  const kind = KINDS.find((code) => code === error.code)
  const lines = error.errors.length > 0 ? error.errors : [{ field: error.field, detail: error.message }]
  const details = lines.map(({ field, detail }) => (field ? `${field}: ${detail}` : detail))
  return [...(kind ? [t(kind)] : []), ...details].join('\n')
}
