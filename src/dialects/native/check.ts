import { Readable } from 'node:stream'
import { z } from 'zod'
import { checkStream } from './check-stream.ts'
import { checkedMail } from './checked-mail.ts'
import { decodeMailbox } from './decode.ts'
import { encodeCheck } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, inService, problems, recipients } from './schemas.ts'

const BODY_LIMIT = 4 * 1_024 * 1_024

const checkRequest = z.strictObject({ ...checkedMail, recipients: recipients(address) })

const exclusion = z.object({ address: z.string(), list: z.string(), reason: z.string(), since: z.string() })

const checkAnswer = z.object({
  deliverable: z.array(z.string()),
  excluded: z.array(exclusion),
  malformed: z.array(z.string()),
})

const DESCRIPTION = `As \`application/x-ndjson\` for any number of recipients: the first line is the mail
(\`{"from":"news@example.com"}\`), every other line one address as a JSON string. The answer has one line for each
address, in the same order: \`{"address","deliverable":true}\`, \`{"address","deliverable":false,"list","reason","since"}\`
or \`{"address","deliverable":false,"malformed":true}\`. A line \`{"problem":{…}}\` ends the answer early. Read the
answer while you write the request: nothing is buffered.`

export function checkRoutes(api: Api, parts: NativeParts): void {
  api.addContentTypeParser('application/x-ndjson', (_request, stream, done) => done(null, stream))

  api.post(
    '/services/:service/check',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'view' },
      schema: {
        tags: ['sending'],
        summary: 'Tell who would get a mail now',
        description: DESCRIPTION,
        consumes: ['application/json', 'application/x-ndjson'],
        params: inService,
        body: checkRequest,
        response: {
          200: {
            description: 'The verdicts',
            content: {
              'application/json': { schema: checkAnswer },
              'application/x-ndjson': { schema: z.string() },
            },
          },
          ...problems,
        },
      },
    },
    async ({ service, body, log }, reply) => {
      if (body instanceof Readable) {
        const lines = await checkStream(body, {
          ...parts,
          service,
          onError: (err) => log.warn({ err }, 'the answer to a check broke off'),
        })
        return reply.type('application/x-ndjson').send(Readable.from(lines) as never)
      }
      const from = decodeMailbox(body.from, 'from')
      return encodeCheck(await parts.checkRecipients({ ...body, service, from }))
    },
  )
}
