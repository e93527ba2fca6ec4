import type { paths } from '../api/schema.d.ts'
import type { MailSearch } from './mail-search.ts'

/** A search for mails, in the form that the native interface takes. */
export type MessageFilter = NonNullable<
  paths['/api/v1/services/{service}/messages/search']['post']['requestBody']
>['content']['application/json']

export function messageFilter(
  { state, sender, list, from, to }: MailSearch,
  more: { recipient?: string | undefined; delivery?: number } = {},
): MessageFilter {
  const given = Object.entries({ state, sender, list, from, to, ...more })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}
