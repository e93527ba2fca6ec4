import { createPublicKey } from 'node:crypto'
import { readTags } from './tag-list.ts'

export type PublishedState = 'published' | 'missing' | 'differs' | 'several' | 'revoked'

/** What was found in DNS for a key, and a sentence about it. */
export interface Published {
  state: PublishedState
  detail: string
}

/**
 * Tells whether verifiers find our key in the TXT records under its name (RFC 6376 §3.6.1). The text may differ from
 * our record in what makes no difference: optional tags, blanks, either form of an RSA key.
 */
export function comparePublished(records: readonly string[], ours: string): Published {
  const [record] = records
  if (record === undefined) return { state: 'missing', detail: 'no record: what it signs cannot be verified' }
  // The meaning of several records is undefined (RFC 6376 §3.6.2.2).
  if (records.length > 1) return { state: 'several', detail: `${records.length} records under its name` }
  const tags = readTags(record)
  if (tags.get('p') === '') return { state: 'revoked', detail: 'the published key is revoked' }
  const difference = differenceOf(tags, readTags(ours))
  if (difference !== undefined) return { state: 'differs', detail: difference }
  const isTest = tags.get('t')?.split(':').includes('y')
  return {
    state: 'published',
    detail: isTest ? 'published, but marked as a test (t=y)' : 'published as it is here',
  }
}

function differenceOf(tags: Map<string, string>, ours: Map<string, string>): string | undefined {
  const [type = 'rsa', key] = [tags.get('k'), tags.get('p')]
  const allows = (tag: string, ...wanted: string[]) =>
    tags
      .get(tag)
      ?.split(':')
      .some((item) => wanted.includes(item)) ?? true
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1') return `the record is no DKIM key: v=${tags.get('v')}`
  if (key === undefined) return 'the record holds no key (p=)'
  if (type !== ours.get('k')) return `a key of another type is published: k=${type}`
  if (key !== ours.get('p') && fromBareKey(key) !== ours.get('p')) return 'another key is published'
  if (!allows('h', 'sha256')) return `the record does not allow SHA-256: h=${tags.get('h')}`
  if (!allows('s', '*', 'email')) return `the record is not for mail: s=${tags.get('s')}`
  return undefined
}

/** RSA keys are published as SubjectPublicKeyInfo, as ours are, and by some as the bare RSAPublicKey that RFC 6376 names. */
function fromBareKey(published: string): string | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(published, 'base64'), format: 'der', type: 'pkcs1' })
    return key.export({ type: 'spki', format: 'der' }).toString('base64')
  } catch {
    return undefined
  }
}
