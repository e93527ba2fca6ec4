import { api, bodyOf } from '../../api/client.ts'

export type DeliveryChange = 'pause' | 'resume' | 'cancel' | 'resend'

/** The outcome of a resend; other changes report nothing. */
export type Outcome = { queued: number; excluded: Record<string, number>; expired: number } | undefined

/** Makes a change to a delivery; `list` limits a resend to the recipients that this list excluded. */
export async function carryOut(
  service: number,
  id: number,
  change: DeliveryChange,
  list: string | undefined,
): Promise<Outcome> {
  const params = { path: { service, id } }
  if (change === 'resend') {
    const body = list === undefined ? {} : { list }
    return bodyOf(api.POST('/api/v1/services/{service}/deliveries/{id}/resend', { params, body }))
  }
  if (change === 'pause') await api.POST('/api/v1/services/{service}/deliveries/{id}/pause', { params })
  if (change === 'resume') await api.POST('/api/v1/services/{service}/deliveries/{id}/resume', { params })
  if (change === 'cancel') await api.POST('/api/v1/services/{service}/deliveries/{id}/cancel', { params })
  return undefined
}
