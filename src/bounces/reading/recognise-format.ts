import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'
import type { BounceFormat, Sign } from './formats/format.ts'
import { FORMATS } from './formats/formats.ts'

const MOST_SAID = 65_536

/** The format of a report, recognised by its signs; undefined when it is none of the known ones. */
export function recogniseFormat(mail: MimePart, subject: string, said: string): BounceFormat | undefined {
  const beginning = said.slice(0, MOST_SAID)
  return FORMATS.find(({ signs }) => signs.some((sign) => shows(sign, mail, subject, beginning)))
}

function shows(sign: Sign, { fields }: MimePart, subject: string, said: string): boolean {
  const [name, value] = sign.field ?? []
  return (
    (!name || !value || valuesOf(fields, name).some((text) => value.test(text.slice(0, 1_000)))) &&
    (!sign.subject || sign.subject.test(subject)) &&
    (!sign.said || sign.said.test(said))
  )
}
