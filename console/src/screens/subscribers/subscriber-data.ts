import type { paths } from '../../api/schema.d.ts'

export type Subscriber =
  paths['/api/v1/services/{service}/subscribers/search']['post']['responses']['200']['content']['application/json']['items'][number]

/** What is known about a person, as the fields of a form. */
export interface SubscriberFields {
  /** One per line. */
  userIds: string
  attributes: readonly { key: string; name: string; value: string }[]
}

export const NO_FIELDS: SubscriberFields = { userIds: '', attributes: [] }

export function toFields({ userIds, attributes }: Subscriber): SubscriberFields {
  const rows = Object.entries(attributes).map(([name, value]) => ({ key: name, name, value: String(value) }))
  return { userIds: userIds.join('\n'), attributes: rows }
}

/** The request's data. A number or a flag that nobody touched stays a number or a flag. */
export function toData({ userIds, attributes }: SubscriberFields, before: Subscriber['attributes'] = {}) {
  const rows = attributes.filter(({ name }) => name.trim() !== '')
  const values = rows.map(({ name, value }) => {
    const known = before[name.trim()]
    return [name.trim(), known !== undefined && String(known) === value ? known : value] as const
  })
  return { userIds: toLines(userIds), attributes: Object.fromEntries(values) }
}

export function toLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '')
}
