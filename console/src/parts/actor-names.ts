import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('actors', {
  ja: { operator: 'サーバー管理者(コマンド)', program: 'API' },
  en: { operator: 'Operator (command line)', program: 'API' },
})

/** Says who did something, from the server's record of the actor: `person:EMAIL`, `api:NAME` or `operator`. */
export function useActorNames(): (actor: string) => string {
  const t = useTexts()
  return (actor) => {
    if (actor === 'operator') return t('operator')
    const [, kind, name = actor] = /^(person|api):(.*)$/.exec(actor) ?? []
    return kind === 'api' ? `${name} (${t('program')})` : name
  }
}
