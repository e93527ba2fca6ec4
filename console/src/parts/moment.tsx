import { Text } from '@mantine/core'
import { useChosenService } from '../app/chosen-service.ts'
import { useLanguage } from '../texts/i18n.ts'

/** A time in the zone of the current service. Each screen names the zone, and so does the tooltip. */
export function Moment({ at }: { at: string | null | undefined }) {
  const format = useMoments()
  if (!at) return <span>–</span>
  const { parts, zone } = format(at)
  return (
    <Text component="time" inherit dateTime={at} title={`${parts.join(' ')} ${zone}`}>
      {/* A line ends between the day and the time, or nowhere. */}
      <span style={WHOLE}>{parts[0]}</span> <span style={WHOLE}>{parts[1]}</span>
    </Text>
  )
}

const WHOLE = { whiteSpace: 'nowrap' } as const

/** The zone of the current service. */
export function useTimeZone(): string {
  return useChosenService()?.timeZone ?? 'Asia/Tokyo'
}

/** Formats times in the service's zone: the day, and the time of day. */
function useMoments(): (at: string) => { parts: readonly [string, string]; zone: string } {
  const [language] = useLanguage()
  const timeZone = useTimeZone()
  const locale = language === 'ja' ? 'ja-JP' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'medium' })
  return (at) => ({ parts: [day.format(new Date(at)), time.format(new Date(at))], zone: timeZone })
}
