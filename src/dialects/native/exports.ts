import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ExportFile } from '../../exports/file.ts'
import type { SuppressionState } from '../../suppression/deciding/suppression-state.ts'
import type { Service } from '../../tenants/service.ts'
import { actor } from './access.ts'
import { decodePeriod } from './decode.ts'
import {
  agreementFilter,
  eventFilter,
  expiringFilter,
  fileForm,
  fileOf,
  filterListFilter,
  inBody,
  listFilter,
  oneClickFilter,
  refuseNeutralBytes,
  refuseSeveralLists,
  unsubscribeFilter,
} from './export-schemas.ts'
import type { FileRequest } from './parts/export-parts.ts'
import type { NativeParts } from './parts.ts'
import { days, messageFilter } from './report-schemas.ts'
import { decodeMessageFilter } from './reports.ts'
import { type Api, inService } from './schemas.ts'
import { sendStream } from './send-stream.ts'

const TAGS = ['exports']

export function exportRoutes(api: Api, { exports, reports }: NativeParts): void {
  api.get(
    '/services/:service/exports/one-click',
    {
      config: { access: 'download', ofPerson: 'error-count-reset' },
      schema: {
        tags: TAGS,
        summary: 'Stream the one-click list of a sender',
        params: inService,
        querystring: fileForm.extend(oneClickFilter),
        response: fileOf('Address, Message-ID, time of the request and flag (1 = deliverable, 0 = excluded)'),
      },
    },
    async (request, reply) => {
      const { sender, from, to, ...form } = request.query
      const filter = { sender, ...decodePeriod({ from, to }, request.service.timeZone) }
      return sendFile(reply, await exports.oneClick(request.service, filter, asked(form, request)))
    },
  )

  addFile(api, {
    name: 'unsubscribes',
    summary: 'Stream who stopped the mail of a sender, or of any',
    filter: unsubscribeFilter,
    columns: 'from_address, user_id, target and timestamp: a line for each user id',
    write: (service, filter, file) => exports.unsubscribes(service, decodeListFilter(filter, service), file),
  })
  for (const name of ['hard-bounces', 'complaints', 'blocklist'] as const) {
    addFile(api, {
      name,
      summary: `Stream the list ${name}`,
      filter: listFilter,
      columns: LISTED,
      write: (service, filter, file) => exports.list(service, name, decodeListFilter(filter, service), file),
    })
  }
  addFile(api, {
    name: 'filter',
    summary: 'Stream the list of a filter',
    filter: filterListFilter,
    columns: LISTED,
    write: (service, filter, file) =>
      exports.list(service, 'filter', decodeListFilter(filter, service), file),
  })
  addFile(api, {
    name: 'events',
    summary: 'Stream everything that happened, with its evidence',
    filter: eventFilter,
    columns: 'A line for each event: what was asked, how it came, and the state that it replaced',
    write: (service, { from, to, ...filter }, file) => {
      refuseSeveralLists(filter)
      const wanted = { ...filter, ...decodePeriod({ from, to }, service.timeZone) }
      return exports.events(service, wanted, file)
    },
  })
  addFile(api, {
    name: 'expiring',
    summary: 'Stream who becomes deliverable again by itself in the next days',
    filter: expiringFilter,
    columns: 'List, address, the day and the moment from which it is deliverable, and why it is excluded',
    write: (service, filter, file) => {
      refuseSeveralLists(filter)
      return exports.expiring(service, filter, file)
    },
  })

  api.post(
    '/services/:service/exports/messages',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream what became of mails, newest first',
        params: inService,
        querystring: fileForm,
        body: messageFilter,
        response: fileOf("A line for each message; times are those of the service's zone"),
      },
    },
    async (request, reply) => {
      const { service, query, body } = request
      const filter = decodeMessageFilter(body, service)
      return sendFile(reply, await reports.messageFile(service, filter, asked(query, request)))
    },
  )

  api.get(
    '/services/:service/exports/agreements',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream what people agreed to when they registered by a form, in the order of time',
        params: inService,
        querystring: fileForm.extend(agreementFilter),
        response: fileOf(
          'A line for each registration: whose, when and from where, by which form, and the text',
        ),
      },
    },
    async (request, reply) => {
      const { from, to, ...form } = request.query
      const period = decodePeriod({ from, to }, request.service.timeZone)
      return sendFile(reply, await exports.agreements(request.service, period, asked(form, request)))
    },
  )

  api.get(
    '/services/:service/exports/counts',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream how many mails met with what on each day, by sender and list',
        params: inService,
        querystring: fileForm.extend(days.shape),
        response: fileOf('Day, sender, outcome, list and number'),
      },
    },
    async (request, reply) => {
      const { from, to, ...form } = request.query
      return sendFile(reply, await reports.countFile(request.service, { from, to }, asked(form, request)))
    },
  )
}

const LISTED = 'Address, reason, since, time of the latest request, end, source, Message-ID and state'

type Form = z.output<typeof fileForm>

interface FileOfList<F extends z.ZodRawShape> {
  name: string
  summary: string
  columns: string
  filter: F
  write(
    service: Service,
    filter: z.output<z.ZodObject<F>> & { contains?: string | undefined },
    file: FileRequest,
  ): Promise<ExportFile>
}

/** Adds a file by GET, and by POST with its filter in the body, which may then hold part of an address. */
function addFile<F extends z.ZodRawShape>(
  api: Api,
  { name, summary, columns, filter, write }: FileOfList<F>,
): void {
  const path = `/services/:service/exports/${name}`
  const common = { tags: TAGS, params: inService, response: fileOf(columns) }
  api.get(
    path,
    { config: { access: 'download' }, schema: { ...common, summary, querystring: fileForm.extend(filter) } },
    async (request, reply) => {
      const { format, bom, formulas, compress, encryption, ...wanted } = request.query as Form &
        z.output<z.ZodObject<F>>
      const file = asked({ format, bom, formulas, compress, encryption }, request)
      return sendFile(reply, await write(request.service, wanted as never, file))
    },
  )
  api.post(
    path,
    {
      config: { access: 'download' },
      schema: {
        ...common,
        summary: `${summary}, by a part of the address too`,
        querystring: fileForm,
        body: z.strictObject({ ...filter, ...inBody }),
      },
    },
    async (request, reply) =>
      sendFile(reply, await write(request.service, request.body as never, asked(request.query, request))),
  )
}

function asked(form: Form, request: FastifyRequest): FileRequest {
  refuseNeutralBytes(form)
  return { ...form, actor: actor(request), isOnlyAsked: request.method === 'HEAD' }
}

/** Sends a file as it is made. */
export function sendFile(reply: FastifyReply, { name, type, content }: ExportFile) {
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`)
  return sendStream(reply, content)
}

/** Days are those of the service's zone. */
function decodeListFilter<
  F extends {
    state: SuppressionState | 'all'
    from?: string | undefined
    to?: string | undefined
  },
>({ from, to, state, ...filter }: F, { timeZone }: Service) {
  return {
    ...filter,
    state: state === 'all' ? undefined : state,
    ...decodePeriod({ from, to }, timeZone),
  }
}
