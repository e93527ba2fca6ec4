import { useReasons } from '../../lists/reasons.ts'
import { detailOf, type InboundMail } from './inbound-mail.ts'
import { useInboundTexts } from './texts.ts'

/** Says what was concluded from a mail, or why nothing was. */
export function useConclusion(): (mail: InboundMail) => string {
  const t = useInboundTexts()
  const reasons = useReasons()
  return (mail) => {
    const why = detailOf(mail, 'why') ?? detailOf(mail, 'what')
    // An unknown word is shown as it is.
    if (why) return t(`why_${why}` as 'why_unknown', { defaultValue: why })
    const reason = detailOf(mail, 'reason')
    return reason ? reasons(reason) : t(`outcome_${mail.outcome}`)
  }
}
