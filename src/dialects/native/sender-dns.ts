import { z } from 'zod'
import { dkimState, removableFrom } from '../../delivery/dkim/dkim-life.ts'
import type { SenderKey } from '../../delivery/dkim/keys-of-sender.ts'
import { txtStrings } from '../../mail/dkim-keys.ts'
import { encodeTimeOrNull } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, moment, problems, text } from './schemas.ts'

const TAGS = ['senders']

// An address stands in no path; the id of its list is fit for one.
const senderInService = inService.extend({ classId: text(100) })

const key = z.object({
  domain: z.string().describe('the sender’s, or one above it'),
  selector: z.string(),
  algorithm: z.enum(['rsa-sha256', 'ed25519-sha256']),
  bits: z.int().nullable().describe('of RSA keys'),
  dnsName: z.string().describe('of its TXT record'),
  record: z.string().describe('what stands there, in one piece'),
  strings: z.array(z.string()).describe('the same cut into strings of at most 255 octets'),
  state: z.enum(['waiting', 'scheduled', 'signing', 'retired']),
  signs: z.boolean().describe('whether it signs the sender’s mail now'),
  ofService: z.boolean().describe('false: it signs for every service'),
  signsFrom: moment.nullable(),
  signsUntil: moment.nullable(),
  removableFrom: moment.nullable().describe('from when on nobody needs its record'),
})

const found = z.object({
  dnsName: z.string(),
  dns: z.enum(['published', 'missing', 'differs', 'several', 'revoked', 'unseen']),
  detail: z.string(),
  ok: z.boolean().describe('true when nothing is to be done'),
})

const finding = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
  advice: z.string().nullable(),
  verdict: z.string().nullable().describe('the name of what is judged, such as spf-missing'),
  seen: z.string().nullable().describe('what that was judged by: a record, a name, a URL, an error’s code'),
})

/** What a sender's domain has to publish, and whether it does. */
export function senderDnsRoutes(api: Api, { now, senderDns }: NativeParts): void {
  const encode = ({ serviceId, createdAt: _, signsFrom, signsUntil, ...rest }: SenderKey) => {
    const life = { ...rest, serviceId, signsFrom, signsUntil }
    return {
      ...rest,
      strings: txtStrings(rest.record),
      state: dkimState(life, now()),
      ofService: serviceId !== null,
      signsFrom: encodeTimeOrNull(signsFrom),
      signsUntil: encodeTimeOrNull(signsUntil),
      removableFrom: encodeTimeOrNull(removableFrom(life)),
    }
  }

  api.get(
    '/services/:service/senders/:classId/dns',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show the DKIM records that the domain of a sender has to publish',
        params: senderInService,
        response: {
          200: z.object({ address: z.string(), domain: z.string(), keys: z.array(key) }),
          ...problems,
        },
      },
    },
    async ({ service, params }) => {
      const { keys, ...sender } = await senderDns.find(service, params.classId)
      return { ...sender, keys: keys.map(encode) }
    },
  )

  api.post(
    '/services/:service/senders/:classId/dns/check',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Look up whether DNS has them, an SPF and a DMARC record; and whether base_url leads here',
        params: senderInService,
        response: {
          200: z.object({ domain: z.string(), keys: z.array(found), findings: z.array(finding) }),
          ...problems,
        },
      },
    },
    async ({ service, params }) => {
      const { keys, findings, ...sender } = await senderDns.check(service, params.classId)
      return {
        ...sender,
        keys: keys.map(({ key: { dnsName }, ...verdict }) => ({ dnsName, ...verdict })),
        findings: findings.map(({ advice = null, verdict = null, seen = null, ...rest }) => ({
          ...rest,
          advice,
          verdict,
          seen,
        })),
      }
    },
  )
}
