import { Refusal } from '../api/refusal.ts'
import { describeMistake } from '../refusals/describe-refusal.ts'
import { useLanguage } from '../texts/i18n.ts'

/** The server's objection to the value of a field, to be shown beside it. */
export function useFieldErrors(error: unknown): (field: string) => string | undefined {
  const [language] = useLanguage()
  const mistakes = error instanceof Refusal ? error.mistakes : []
  return (field) => {
    const mistake = mistakes.find((candidate) => candidate.field === field)
    return mistake && describeMistake(mistake, language)
  }
}
