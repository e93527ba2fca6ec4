import type { DeliveryView } from '../../messages/delivery-store.ts'
import { type DeliveryProgress, progressOf } from '../../messages/reading/delivery-progress.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
import type { Service } from '../../tenants/service.ts'
import { element } from '../xml/write-xml.ts'
import { minuteTimes } from './encode-times.ts'
import type { Reserved } from './parts.ts'

/** The vendor's states of a delivery. */
const STATES: Record<DeliveryProgress, { code: number; text: string }> = {
  waiting: { code: 1, text: '配信待ち' },
  done: { code: 2, text: '配信完了' },
  failed: { code: 3, text: '配信失敗' },
  sending: { code: 4, text: '配信中' },
  cancelled: { code: 5, text: '削除' },
}

export function encodeReserved({ id, accepted }: Reserved, requestId: string | undefined): string[] {
  return [element('deliver_id', id), element('request_id', requestId ?? ''), element('exec_cnt', accepted)]
}

export function encodeStatus(delivery: DeliveryView): string[] {
  const [id, ...counts] = statusOf(delivery)
  return [
    id as string,
    element('request_id', delivery.requestId ?? ''),
    element('action', 'reserve'),
    ...counts,
  ]
}

export function encodeStatusData(delivery: DeliveryView, index: number): string {
  return element('data', statusOf(delivery), { id: index + 1 })
}

function statusOf(delivery: DeliveryView): string[] {
  const { sent = 0, kept = 0, failed = 0 } = delivery.messages
  const { code, text } = STATES[progressOf(delivery)]
  return [
    element('deliver_id', delivery.id),
    element('status', text, { code }),
    element('sent_cnt', sent + kept),
    element('error_cnt', failed),
  ]
}

/** What became of a recipient whom the relay was asked about. */
export function encodeResult(
  message: MessageView,
  { deliveryId, from, service }: { deliveryId: number; from: string; service: Service },
): string {
  const { id, to, reply, state, updatedAt } = message
  const code = /^\d{3}/.exec(reply ?? '')?.[0] ?? '000'
  const failed = state === 'failed'
  return element(
    'data',
    [
      element('sent_date', minuteTimes(service)(updatedAt)),
      element('to_addr', to),
      element('from_addr', from),
      element('key_field', 'no_data'),
      element('message', reply ?? '', { code }),
      element('status', failed ? 'エラー' : '成功', { code: failed ? 2 : 1 }),
    ],
    { id: `${deliveryId}-${id}` },
  )
}
