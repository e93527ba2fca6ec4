import { api, bodyOf } from '../../api/client.ts'
import type { InboundMail } from './inbound-mail.ts'

/** Whose mail it is: that of a service by its id, or mail that belongs to none. */
export type Whose = number | 'nobody'

interface Query {
  limit: number
  open?: 'true'
  outcome?: InboundMail['outcome']
  cursor?: string
}

/** The native interface's calls for incoming mail, whichever path they are under. */
export function inboundCalls(whose: Whose) {
  return whose === 'nobody' ? ofNobody : ofService(whose)
}

const ofNobody = {
  find: (query: Query) => bodyOf(api.GET('/api/v1/installation/inbound', { params: { query } })),
  findOne: (id: number) => bodyOf(api.GET('/api/v1/installation/inbound/{id}', { params: { path: { id } } })),
  resolve: (id: number) =>
    bodyOf(api.POST('/api/v1/installation/inbound/{id}/resolve', { params: { path: { id } } })),
  retry: (id: number) =>
    bodyOf(api.POST('/api/v1/installation/inbound/{id}/retry', { params: { path: { id } } })),
  rawUrl: (id: number) => `/api/v1/installation/inbound/${id}/raw`,
}

function ofService(service: number): typeof ofNobody {
  const one = (id: number) => ({ params: { path: { service, id } } })
  return {
    find: (query) =>
      bodyOf(api.GET('/api/v1/services/{service}/inbound', { params: { path: { service }, query } })),
    findOne: (id) => bodyOf(api.GET('/api/v1/services/{service}/inbound/{id}', one(id))),
    resolve: (id) => bodyOf(api.POST('/api/v1/services/{service}/inbound/{id}/resolve', one(id))),
    retry: (id) => bodyOf(api.POST('/api/v1/services/{service}/inbound/{id}/retry', one(id))),
    rawUrl: (id) => `/api/v1/services/${service}/inbound/${id}/raw`,
  }
}
