import type { PreviewRequest } from '../../../dialects/native/parts.ts'
import { noticePage } from '../../../pages/notice-page.ts'
import type { PublicLook } from '../../../tenants/page-directory.ts'
import { type ListSubject, pageModel } from '../../../unsubscribe/page-model.ts'

const STATES: Record<PreviewRequest['state'], ListSubject['state']> = {
  ask: 'ask',
  stopped: 'stopped',
  alreadyStopped: 'already-stopped',
  resumed: 'resumed',
}

/** A service's unsubscribe page as a recipient would see it, about a mail that nobody got. Its button leads nowhere. */
export function samplePage(
  { theme, texts }: PublicLook,
  { state, language }: Pick<PreviewRequest, 'state' | 'language'>,
): string {
  const view = pageModel({
    language,
    state: STATES[state],
    list: { kind: 'sender', label: 'news@example.com' },
    recipient: 't***@example.jp',
    ownLead: texts[language][state],
    stopAction: '#',
    resumeAction: '#',
  })
  return noticePage(view, theme)
}
