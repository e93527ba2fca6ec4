import { z } from 'zod'
import { formChange, formRequest } from '../../tenants/form-rules.ts'
import { actor } from './access.ts'
import { encodeForm, encodePage } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, moment, page, paging, problems, revision, text } from './schemas.ts'

const TAGS = ['forms']

const words = z.object({ ja: z.string().optional(), en: z.string().optional() })

const texts = z.object({
  title: z.string(),
  lead: z.string(),
  button: z.string(),
  consent: z.string(),
  done: z.string(),
  mailSubject: z.string(),
  mailText: z.string(),
})

const form = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  url: z.string().describe('of its public page'),
  texts: z.object({ ja: texts.optional(), en: texts.optional() }),
  fields: z.array(
    z.object({
      attribute: z.string(),
      type: z.enum(['text', 'choice', 'checkbox', 'date']),
      label: words,
      required: z.boolean(),
      choices: z.array(z.object({ value: z.string(), label: words })),
    }),
  ),
  doubleOptIn: z.boolean(),
  sender: z.string().nullable(),
  redirectUrl: z.string().nullable(),
  embedOrigins: z.array(z.string()),
  revision,
  createdAt: moment,
  updatedAt: moment,
})

const formInService = inService.extend({ id: text(100) })

/** The page itself is anyone's, outside this interface: whoever has its URL registers by it. */
export function formRoutes(api: Api, { forms }: NativeParts): void {
  api.post(
    '/services/:service/forms',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Create a registration form',
        description:
          "Whoever registers by it joins the service and is taken off the lists of its senders and filters: when they confirm it by the link in a mail, or at once where doubleOptIn is false, whoever's address they enter.",
        params: inService,
        body: formRequest,
        response: { 200: form, ...problems },
      },
    },
    async (request) => encodeForm(await forms.create(request.service, request.body, actor(request))),
  )

  api.get(
    '/services/:service/forms',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List registration forms by name',
        params: inService,
        querystring: paging,
        response: { 200: page(form), ...problems },
      },
    },
    async ({ service, query }) => encodePage(await forms.find(service, query), encodeForm),
  )

  api.get(
    '/services/:service/forms/:id',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show a registration form',
        params: formInService,
        response: { 200: form, ...problems },
      },
    },
    async ({ service, params }) => encodeForm(await forms.findOne(service, params.id)),
  )

  api.get(
    '/services/:service/forms/:id/embed',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: "Give the HTML that puts a form on a site of the customer's",
        params: formInService,
        querystring: z.strictObject({ language: z.enum(['ja', 'en']).optional() }),
        response: {
          200: z.object({
            form: z.string().describe('the form itself; it changes only where it is put in anew'),
            frame: z.string().describe('its page in a frame, for the origins of embedOrigins'),
          }),
          ...problems,
        },
      },
    },
    async ({ service, params, query }) => forms.embed(service, params.id, query.language),
  )

  api.patch(
    '/services/:service/forms/:id',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Change what is given, each part as a whole, unless somebody else did meanwhile',
        params: formInService,
        body: formChange.extend({ revision: revision.optional() }),
        response: { 200: form, ...problems },
      },
    },
    async (request) => {
      const { revision: seen, ...change } = request.body
      return encodeForm(await forms.update(request.service, request.params.id, change, seen, actor(request)))
    },
  )

  api.delete(
    '/services/:service/forms/:id',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Delete a form with its page; who registered by it stays registered',
        params: formInService,
        response: { 204: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      await forms.remove(request.service, request.params.id, actor(request))
      return reply.code(204).send()
    },
  )
}
