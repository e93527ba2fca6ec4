import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ImportView } from '../../imports/import-view.ts'
import { actor } from './access.ts'
import { encodeImport, encodePage } from './encode.ts'
import { fileForm } from './export-schemas.ts'
import { neededToResume } from './one-click-lists.ts'
import type { NativeParts } from './parts.ts'
import {
  type Api,
  address,
  idInService,
  inService,
  line,
  listName,
  moment,
  page,
  paging,
  problems,
  text,
} from './schemas.ts'
import { sendStream } from './send-stream.ts'

const TAGS = ['imports']

/** The file is measured while it comes in; this only keeps Fastify from refusing it earlier. */
export const BODY_LIMIT = Number.MAX_SAFE_INTEGER

export const MEDIA_TYPES = ['text/csv', 'text/plain', 'application/octet-stream']

/** The language of the reasons for which rows were skipped. */
export const reasonLanguage = z
  .enum(['en', 'ja'])
  .default('en')
  .describe('of the reasons, whose codes are the same in each')

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true')

const request = z.strictObject({
  list: listName.describe(
    'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist; a sender that is not registered gets a stop list.' +
      ' auto reads the export of another system, and puts each row on the list of its reason',
  ),
  action: z.enum(['add', 'remove']),
  sender: address
    .optional()
    .describe('for list=auto: whose mail those unsubscribed from whose row does not say so'),
  filter: text(1_000).optional().describe('the same by the name of a filter'),
  dryRun: flag.describe('tells what would change, and changes nothing'),
  encoding: line(40).optional().describe('overrides what is found: a label of the Encoding Standard'),
  format: z.enum(['csv', 'text']).default('csv').describe('text is one address a line'),
  name: line(255).optional().describe('of the file; that of a CSV ends in .csv'),
})

const view = z.object({
  id: z.int(),
  list: z.string(),
  lists: z
    .array(z.object({ list: z.string(), recipients: z.int(), changed: z.int(), undone: z.int() }))
    .describe('what each list had of it: several for auto'),
  action: z.enum(['add', 'remove']),
  dryRun: z.boolean(),
  state: z.enum(['receiving', 'queued', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone']),
  fileName: z.string().nullable(),
  sha256: z.string(),
  bytes: z.int(),
  encoding: z.string(),
  format: z.string().nullable().describe('the known export that it is'),
  rows: z.object({
    read: z.int().describe('data rows of the file'),
    skipped: z.int().describe('no addresses, or nothing to stop: see the rejects'),
    repeated: z.int().describe('addresses that an earlier row has'),
    applied: z.int(),
    changed: z.int().describe('of a dry run: what would change'),
    unchanged: z.int(),
    lapsed: z
      .int()
      .describe('whose request is older than the lifetime of the list: they are excluded by nothing'),
  }),
  rowsPerSecond: z.int().nullable(),
  secondsLeft: z.int().nullable(),
  sample: z
    .array(
      z.object({
        address: z.string(),
        list: z.string().optional().describe('of a file for several'),
        now: z.enum(['not-listed', 'deliverable', 'excluded']),
      }),
    )
    .describe('of a dry run: the first 20 that would change, and how they stand now'),
  undo: z
    .object({
      undone: z.int(),
      left: z.int().nullable().describe('changed by others since, and left as they are'),
    })
    .nullable(),
  createdBy: z.string(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  undoneAt: moment.nullable(),
  error: z.string().nullable(),
})

export function importRoutes(api: Api, { imports }: NativeParts): void {
  for (const type of MEDIA_TYPES) {
    api.addContentTypeParser(type, (_request, stream, done) => done(null, stream))
  }

  api.post(
    '/services/:service/imports',
    {
      bodyLimit: BODY_LIMIT,
      config: {
        access: 'edit',
        ofPerson: (asked) => (isResuming(asked) ? neededToResume(queryOf(asked).list) : undefined),
        confirmed: isResuming,
      },
      schema: {
        tags: TAGS,
        summary: 'Apply a file of addresses to a list',
        description:
          'CSV with one column `email`, in UTF-8 or Windows-1252, or one address a line; at most 1,000,000 data rows and' +
          ' 104,857,600 bytes. A file that is not as it should be changes nothing.',
        consumes: MEDIA_TYPES,
        params: inService,
        querystring: request,
        body: z.custom<Readable>((body) => body instanceof Readable, 'must be the file itself'),
        response: { 202: z.object({ id: z.int() }), ...problems },
      },
    },
    async (received, reply) => {
      const { service, query, body } = received
      return reply.code(202).send(await imports.receive(service, body, query, actor(received)))
    },
  )

  api.get(
    '/services/:service/imports',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List imports, newest first',
        params: inService,
        querystring: paging,
        response: { 200: page(view), ...problems },
      },
    },
    async ({ service, query }) => encodePage(await imports.find(service, query), encodeImport),
  )

  api.get(
    '/services/:service/imports/:id',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell how far an import is',
        params: idInService,
        response: { 200: view, ...problems },
      },
    },
    async ({ service, params }) => encodeImport(await imports.findOne(service, params.id)),
  )

  api.get(
    '/services/:service/imports/:id/progress',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Stream how far an import is, until it has ended',
        params: idInService,
        response: {
          200: {
            description: 'Server-sent events; the data of each is what the import itself answers',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problems,
        },
      },
    },
    async ({ service, params }, reply) => {
      const events = encodeEvents(await imports.progress(service, params.id))
      // Keeps proxies from buffering the answer, which would hide the progress.
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      return sendStream(reply.type('text/event-stream'), Readable.from(events))
    },
  )

  api.get(
    '/services/:service/imports/:id/rejects',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream the rows of an import that were skipped, with the reason',
        params: idInService,
        querystring: fileForm.pick({ bom: true, formulas: true }).extend({ language: reasonLanguage }),
        response: {
          200: {
            description: 'Row, text, reason and its code; the header of the file is row 1',
            content: { 'text/csv': { schema: z.string() } },
          },
          ...problems,
        },
      },
    },
    async ({ service, params, query }, reply) => {
      const lines = await imports.rejects(service, params.id, query)
      return sendStream(reply.type('text/csv; charset=utf-8; header=present'), Readable.from(lines))
    },
  )

  for (const [verb, summary] of [
    ['cancel', 'Stop an import where it is'],
    ['undo', 'Undo an import that has ended, where nobody has changed anything since'],
  ] as const) {
    api.post(
      `/services/:service/imports/:id/${verb}`,
      {
        config: { access: 'edit', ...(verb === 'undo' && { confirmed: true }) },
        schema: { tags: TAGS, summary, params: idInService, response: { 200: view, ...problems } },
      },
      async (received) => {
        const { service, params } = received
        return encodeImport(await imports[verb](service, params.id, actor(received)))
      },
    )
  }
}

/** The query as it came, since it is looked at before it is validated. */
function queryOf({ query }: FastifyRequest): Record<string, unknown> {
  return query as Record<string, unknown>
}

function isResuming(request: FastifyRequest): boolean {
  const { action, dryRun } = queryOf(request)
  return action === 'remove' && dryRun !== 'true'
}

async function* encodeEvents(views: AsyncIterable<ImportView>): AsyncGenerator<string> {
  for await (const view of views) yield `data: ${JSON.stringify(encodeImport(view))}\n\n`
}
