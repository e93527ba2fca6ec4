import { useListNames } from '../../lists/list-names.ts'
import { kindOf } from './action-names.ts'
import { useDetailTexts } from './detail-texts.ts'
import { useAuditTexts } from './texts.ts'

const NUMBERED = ['import', 'delivery', 'inbound'] as const

/** Actions whose subject is a word of the interface. */
const WORDS = new Set(['subscriber.import', 'export.audit', 'keys.repair'])

/** The subject of an action in words: lists by their names, and things that have only a number by their kind. */
export function useSubjects(): (action: string, subject: string) => string {
  const t = useAuditTexts()
  const word = useDetailTexts()
  const listName = useListNames()
  return (action, subject) => {
    const numbered = NUMBERED.find((kind) => kind === kindOf(action))
    if (numbered && /^\d+$/.test(subject))
      return t('numbered', { kind: t(`kind_${numbered}`), number: subject })
    if (['suppression', 'import', 'error-count'].includes(kindOf(action))) return listName(subject)
    return WORDS.has(action) ? word(`value_${subject}` as 'value_audit', { defaultValue: subject }) : subject
  }
}
