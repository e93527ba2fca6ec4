import { parseRelayUrl } from '../../../config/relay.ts'
import { createRelay } from '../../../delivery/relay/relay.ts'
import type { ServiceRelays } from '../../../delivery/relay/service-relays.ts'
import { tryRelay } from '../../../delivery/relay/try-relay.ts'
import type { ServiceRelayParts } from '../../../dialects/native/parts/service-relay-parts.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import { maskUrl } from '../../../kernel/mask-url.ts'
import type { RecordChange } from './change-record.ts'

/** What the native interface tells of services' own relays and changes in them; each change and each trial goes on record. */
export function createServiceRelayParts({
  relays,
  record,
}: {
  relays: ServiceRelays
  record: RecordChange
}): ServiceRelayParts {
  const tried = new Set<number>()
  return {
    view: ({ id }) => relays.view(id),
    set: async (service, { url, revision }, actor) => {
      const before = await relays.shown(service.id)
      if (await relays.set(service.id, url, revision)) {
        const detail = { relay: url && maskUrl(url), before: { relay: before } }
        await record(actor, service, 'service.relay', service.name, detail)
      }
      return relays.view(service.id)
    },
    try: async (service, url, actor) => {
      if (tried.has(service.id)) {
        throw new DomainError('wrong-state', 'a relay of the service is being tried: wait for the answer')
      }
      tried.add(service.id)
      try {
        const relay =
          url === undefined ? await relays.of(service.id, { anew: true }) : createRelay(parseRelayUrl(url))
        const trial = await tryRelay(relay)
        const shown = url === undefined ? await relays.shown(service.id) : maskUrl(url)
        await record(actor, service, 'service.relay-try', service.name, {
          relay: shown,
          outcome: trial.outcome,
        })
        return trial
      } finally {
        tried.delete(service.id)
      }
    },
  }
}
