import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { seal, unseal } from '../kernel/sealing.ts'
import { type DkimAlgorithm, dkimRecord, generateDkimKey } from '../mail/dkim-keys.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'

export interface DkimKey {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
  createdAt: number
  /** The name of its TXT record, and what stands in it. */
  dnsName: string
  record: string
}

export interface SigningKey {
  domain: string
  selector: string
  privateKey: KeyObject
}

export interface DkimStore {
  /** Makes a key for a domain. Throws DomainError `invalid-value` or `name-taken`. */
  create(request: {
    domain: string
    selector: string
    algorithm: DkimAlgorithm
    now: number
  }): Promise<DkimKey>
  list(domain?: string): Promise<DkimKey[]>
  /** The keys that sign mail from this domain: its own, or those of the nearest domain above it (RFC 6376 §3.10, relaxed alignment). */
  signingKeys(domain: string): Promise<SigningKey[]>
  /** Seals every private key anew with the newest secret key; answers how many. */
  reseal(): Promise<number>
}

const REMEMBERED_MS = 5_000

export function createDkimStore(database: Database, keyring: Keyring): DkimStore {
  const { query } = database
  let remembered: { until: number; keys: Promise<SigningKey[]> } | undefined

  const readSigningKeys = async () => {
    const rows = await database.read(
      query.selectFrom('dkim_key').selectAll().orderBy('algorithm').orderBy('selector'),
    )
    return rows.map(({ domain, selector, sealed_private_key }) => ({
      domain,
      selector,
      privateKey: createPrivateKey(unseal(keyring, placeOf(domain, selector), sealed_private_key)),
    }))
  }

  return {
    create: async ({ domain, selector, algorithm, now }) => {
      if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(selector))
        throw invalid('selector', 'must be one DNS label')
      const { privateKey, publicKey } = await generateDkimKey(algorithm)
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
      const row = {
        domain,
        selector,
        algorithm,
        sealed_private_key: seal(keyring, placeOf(domain, selector), pem),
        public_key: publicKey.export({ type: 'spki', format: 'pem' }) as string,
        service_id: null,
        signs_from: now,
        signs_until: null,
        created_at: now,
      }
      try {
        await database.transact([query.insertInto('dkim_key').values(row)])
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error
        throw new DomainError('name-taken', `${domain} has a key ${selector} already`, { field: 'selector' })
      }
      remembered = undefined
      return toView(row)
    },
    list: async (domain) => {
      let rows = query.selectFrom('dkim_key').selectAll()
      if (domain !== undefined) rows = rows.where('domain', '=', domain)
      return (await database.read(rows.orderBy('domain').orderBy('selector'))).map(toView)
    },
    signingKeys: async (domain) => {
      if (!remembered || remembered.until < performance.now()) {
        remembered = { until: performance.now() + REMEMBERED_MS, keys: readSigningKeys() }
      }
      const keys = await remembered.keys.catch((error) => {
        remembered = undefined
        throw error
      })
      for (
        let candidate = domain;
        candidate.includes('.');
        candidate = candidate.slice(candidate.indexOf('.') + 1)
      ) {
        const own = keys.filter((key) => key.domain === candidate)
        if (own.length > 0) return own
      }
      return []
    },
    reseal: async () => {
      const rows = await database.read(query.selectFrom('dkim_key').selectAll())
      const stale = rows.filter(
        ({ sealed_private_key }) => !sealed_private_key.startsWith(`${keyring.newest.id}.`),
      )
      const statements = stale.map(({ domain, selector, sealed_private_key }) => {
        const place = placeOf(domain, selector)
        return query
          .updateTable('dkim_key')
          .set({ sealed_private_key: seal(keyring, place, unseal(keyring, place, sealed_private_key)) })
          .where('domain', '=', domain)
          .where('selector', '=', selector)
          .where('sealed_private_key', '=', sealed_private_key)
      })
      if (statements.length > 0) await database.transact(statements)
      return statements.length
    },
  }
}

function placeOf(domain: string, selector: string): string {
  return `dkim ${selector}._domainkey.${domain}`
}

function toView(row: {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
  public_key: string
  created_at: number
}): DkimKey {
  return {
    domain: row.domain,
    selector: row.selector,
    algorithm: row.algorithm,
    createdAt: row.created_at,
    dnsName: `${row.selector}._domainkey.${row.domain}`,
    record: dkimRecord(createPublicKey(row.public_key)),
  }
}
