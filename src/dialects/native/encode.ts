import type { AuditEntry } from '../../audit/audit.ts'
import type { ErrorCount } from '../../bounces/acting/error-count.ts'
import type { CheckAnswer, Exclusion } from '../../delivery/decide/check-recipients.ts'
import type { ImportView } from '../../imports/import-view.ts'
import type { KeptMail } from '../../inbound/kept-mails.ts'
import type { DeliveryView } from '../../messages/delivery-store.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
import type { FoundMessage } from '../../messages/reading/search-messages.ts'
import { revisionOfSubscriber } from '../../subscribers/edit.ts'
import type { Subscriber } from '../../subscribers/subscriber.ts'
import type { FoundSuppression } from '../../suppression/reading/search.ts'
import { type Filter, revisionOfFilter } from '../../tenants/filter.ts'
import type { Sender } from '../../tenants/sender.ts'
import { revisionOfService } from '../../tenants/service.ts'
import type { Page } from './pages.ts'
import type { FormOnPage } from './parts/form-parts.ts'
import type { WithList } from './parts/report-parts.ts'
import type { NativeParts, OnNamedList, ServiceView } from './parts.ts'

/** UTC, ISO 8601. */
export function encodeTime(time: number): string {
  return new Date(time).toISOString()
}

export function encodeTimeOrNull(time: number | null): string | null {
  return time === null ? null : encodeTime(time)
}

export function encodePage<T, W>({ items, next }: Page<T>, encode: (item: T) => W): Page<W> {
  return { items: items.map(encode), next }
}

export function encodeService(view: ServiceView) {
  const { siteId: _, ...service } = view
  return { ...service, revision: revisionOfService(view) }
}

export function encodeSender({ baseUrl }: Pick<NativeParts, 'baseUrl'>, sender: Sender) {
  const { address, oneClick, classId } = sender
  return { address, oneClick, classId, baseUrl: baseUrl(sender) }
}

export function encodeFilter({ baseUrl }: Pick<NativeParts, 'baseUrl'>, filter: Filter) {
  const { name, header, pattern, match, position, classId } = filter
  const revision = revisionOfFilter(filter)
  return { name, header, pattern, match, position, classId, baseUrl: baseUrl(filter), revision }
}

export function encodeErrorCount({ registeredAt, updatedAt, ...count }: ErrorCount) {
  return { ...count, registeredAt: encodeTime(registeredAt), updatedAt: encodeTime(updatedAt) }
}

export function encodeKeptMail({ receivedAt, resolvedAt, ...mail }: KeptMail) {
  return { ...mail, receivedAt: encodeTime(receivedAt), resolvedAt: encodeTimeOrNull(resolvedAt) }
}

export function encodeExclusion({ since, ...exclusion }: Exclusion) {
  return { ...exclusion, since: encodeTime(since) }
}

export function encodeCheck({ excluded, ...answer }: CheckAnswer) {
  return { ...answer, excluded: excluded.map(encodeExclusion) }
}

export function encodeDelivery({ sendAt, createdAt, ...delivery }: DeliveryView) {
  return { ...delivery, sendAt: encodeTime(sendAt), createdAt: encodeTime(createdAt) }
}

export function encodeImport({ createdAt, startedAt, finishedAt, undoneAt, ...view }: ImportView) {
  return {
    ...view,
    createdAt: encodeTime(createdAt),
    startedAt: encodeTimeOrNull(startedAt),
    finishedAt: encodeTimeOrNull(finishedAt),
    undoneAt: encodeTimeOrNull(undoneAt),
  }
}

export function encodeMessage<M extends WithList<MessageView>>({ since, dueAt, updatedAt, ...rest }: M) {
  return {
    ...rest,
    since: encodeTimeOrNull(since),
    dueAt: encodeTimeOrNull(dueAt),
    updatedAt: encodeTime(updatedAt),
  }
}

export function encodeFoundMessage({ acceptedAt, ...message }: WithList<FoundMessage>) {
  return { ...encodeMessage(message), acceptedAt: encodeTime(acceptedAt) }
}

export function encodeAudit({ at, actor, action, siteId, subject, detail }: AuditEntry) {
  return { at: encodeTime(at), actor, action, siteId, subject, detail }
}

export function encodeSubscriber({ since, createdAt, updatedAt, ...rest }: Subscriber) {
  return {
    ...rest,
    revision: revisionOfSubscriber(rest),
    since: encodeTime(since),
    createdAt: encodeTime(createdAt),
    updatedAt: encodeTime(updatedAt),
  }
}

export function encodeForm({ serviceId: _, createdAt, updatedAt, ...form }: FormOnPage) {
  return { ...form, createdAt: encodeTime(createdAt), updatedAt: encodeTime(updatedAt) }
}

export function encodeSuppression(found: OnNamedList<FoundSuppression>) {
  const { since, requestedAt, expiresAt, ...rest } = found
  return {
    ...rest,
    since: encodeTime(since),
    requestedAt: encodeTime(requestedAt),
    expiresAt: encodeTimeOrNull(expiresAt),
  }
}

type Timeline = Awaited<ReturnType<NativeParts['suppressions']['timeline']>>

export function encodeTimeline({ events, excludedBy }: Omit<Timeline, 'agreements'>) {
  return {
    excludedBy: excludedBy.map(({ list, reason, since, expiresAt }) => ({
      list,
      reason,
      since: encodeTime(since),
      expiresAt: encodeTimeOrNull(expiresAt),
    })),
    events: events.map(({ recordedAt, requestedAt, evidence, before, ...event }) => ({
      ...event,
      recordedAt: encodeTime(recordedAt),
      requestedAt: encodeTime(requestedAt),
      evidence: evidence && { ...evidence },
      before: before && {
        ...before,
        since: encodeTime(before.since),
        requestedAt: encodeTime(before.requestedAt),
      },
    })),
  }
}
