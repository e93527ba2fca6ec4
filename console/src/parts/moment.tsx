import { Text } from '@mantine/core'
import { useChosenService } from '../app/chosen-service.ts'
import { useLanguage } from '../texts/i18n.ts'

/** A time in the zone of the service that is looked at, with the zone shown to whoever points at it. */
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

/** Writes times in the service's zone. */
function useMoments(): (at: string) => { text: string; zone: string } {
  const [language] = useLanguage()
  const timeZone = useChosenService()?.timeZone ?? 'Asia/Tokyo'
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
  return (at) => ({ text: format.format(new Date(at)), zone: timeZone })
}
