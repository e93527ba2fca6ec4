import type { paths } from '../../api/schema.d.ts'

export type InboundMail =
  paths['/api/v1/services/{service}/inbound/{id}']['get']['responses']['200']['content']['application/json']

/** Whether it was not understood and nobody has dealt with it yet. */
export const isOpen = ({ outcome, resolvedAt }: InboundMail): boolean =>
  outcome === 'not-understood' && resolvedAt === null

/** A text among its details. */
export function detailOf({ detail }: InboundMail, name: string): string | undefined {
  const value = detail[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
