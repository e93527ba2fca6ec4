import { isoTimes } from '../../exports/iso-times.ts'
import type { Service } from '../../tenants/service.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes times of the service's zone as the seed's sample does (`2021/05/01 16:34`), or as the service asks for. */
export function times({ timeZone, settings }: Service): (time: number) => string {
  const iso = isoTimes(timeZone)
  if (settings.araraV1Times === 'rfc3339') return iso
  if (settings.araraV1Times === 'rfc2822') return (time) => rfc2822(iso(time))
  return (time) => minutes(iso(time))
}

/** The form of times in the vendor's other operations, which no setting changes. */
export function minuteTimes({ timeZone }: Pick<Service, 'timeZone'>): (time: number) => string {
  const iso = isoTimes(timeZone)
  return (time) => minutes(iso(time))
}

function minutes(iso: string): string {
  return `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 16)}`
}

/** RFC 2822 §3.3. */
function rfc2822(iso: string): string {
  const [year, month, day] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10)]
  const weekday = DAYS[new Date(iso.slice(0, 10)).getUTCDay()]
  const clock = `${iso.slice(11, 19)} ${iso.slice(19).replace(':', '')}`
  return `${weekday}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${clock}`
}
