import type { BounceFormat } from './format.ts'

/** Lotus Notes and Domino: “was not delivered to … because”, or a list of failure reasons. */
export const LOTUS_NOTES: BounceFormat = {
  name: 'Lotus Notes',
  signs: [
    { said: /-{3} Failure Reasons/i },
    { subject: /^(?:DELIVERY FAILURE|Undeliverable message)/i },
    { said: /^was not delivered to:\s*$/im },
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [
        [
          /not listed in (?:the )?(?:public )?(?:name & address book|domino directory)|no route found to domain .{0,80} from server|ディレクトリ.{0,12}(?:リスト)?.{0,6}(?:ありません|見つか)|non r[ée]pertori[ée].{0,20}annuaire|nicht (?:im|in).{0,30}(?:domino-?)?(?:verzeichnis|directory) (?:aufgef|gefunden)/,
          'Domino R4 to R9',
        ],
      ],
    },
    {
      class: 'soft',
      reason: 'network',
      says: [[/exceeded maximum hop count|router: (?:unable|failed)/, 'Domino']],
    },
  ],
}
