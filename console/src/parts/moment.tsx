import { Text } from '@mantine/core'
import { useChosenService } from '../app/chosen-service.ts'
import { useLanguage } from '../texts/i18n.ts'

/** A time in the zone of the service that is looked at. Each screen says which one it is, and so does what one points at. */
export function Moment({ at }: { at: string | null | undefined }) {
  const format = useMoments()
  if (!at) return <span>–</span>
  const { text, zone } = format(at)
  return (
    <Text component="time" inherit dateTime={at} title={`${text} ${zone}`} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </Text>
  )
}

/** Of the service that is looked at. */
export function useTimeZone(): string {
  return useChosenService()?.timeZone ?? 'Asia/Tokyo'
}

/** Writes times in the service's zone. */
function useMoments(): (at: string) => { text: string; zone: string } {
  const [language] = useLanguage()
  const timeZone = useTimeZone()
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
  return (at) => ({ text: format.format(new Date(at)), zone: timeZone })
}
