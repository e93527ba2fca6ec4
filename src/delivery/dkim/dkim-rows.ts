import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Keyring } from '../../kernel/keyring.ts'
import { seal, unseal } from '../../kernel/sealing.ts'
import { algorithmOf, type DkimKeyPair, dkimRecord } from '../../mail/dkim-keys.ts'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'
import type { DkimLife } from './dkim-life.ts'

export type DkimRow = Selectable<Tables['dkim_key']>

/** The name of a key: its place in DNS, and in the table. */
export interface DkimKeyName {
  domain: string
  selector: string
}

/** A key as it is shown. */
export interface DkimKey extends DkimKeyName, DkimLife {
  createdAt: number
  /** Of RSA keys. */
  bits: number | null
  /** The name of its TXT record, and what stands in it. */
  dnsName: string
  record: string
}

/** What `signs_from` holds while no time has been set: the last moment that a Date can hold. */
const NOT_YET = 8_640_000_000_000_000

/** The keys of one domain, or of all, ordered by domain and selector. */
export async function readDkimKeys(database: Database, domain?: string): Promise<DkimKey[]> {
  let rows = database.query.selectFrom('dkim_key').selectAll()
  if (domain !== undefined) rows = rows.where('domain', '=', domain)
  return (await database.read(rows.orderBy('domain').orderBy('selector'))).map(toDkimKey)
}

/** A new key, as it is shown before its time to sign is set. */
export function newDkimKey(
  publicKey: KeyObject,
  about: DkimKeyName & { serviceId: number | null; createdAt: number },
): DkimKey {
  return {
    ...about,
    algorithm: algorithmOf(publicKey),
    bits: publicKey.asymmetricKeyDetails?.modulusLength ?? null,
    signsFrom: null,
    signsUntil: null,
    dnsName: `${about.selector}._domainkey.${about.domain}`,
    record: dkimRecord(publicKey),
  }
}

/** The row of a key, its private half sealed. */
export function toDkimRow(keyring: Keyring, key: DkimKey, { privateKey, publicKey }: DkimKeyPair): DkimRow {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return {
    domain: key.domain,
    selector: key.selector,
    algorithm: key.algorithm,
    sealed_private_key: sealDkimKey(keyring, key, pem),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    service_id: key.serviceId,
    signs_from: signsFromColumn(key),
    signs_until: key.signsUntil,
    created_at: key.createdAt,
  }
}

function toDkimKey(row: DkimRow): DkimKey {
  const { domain, selector, service_id: serviceId, created_at: createdAt } = row
  const key = newDkimKey(createPublicKey(row.public_key), { domain, selector, serviceId, createdAt })
  return { ...key, ...lifeOf(row) }
}

/** When a key signs. Needs no secret key: neither half of the pair is read. */
export function lifeOf(row: Omit<DkimRow, 'sealed_private_key' | 'public_key'>): DkimLife {
  return {
    domain: row.domain,
    algorithm: row.algorithm,
    serviceId: row.service_id,
    signsFrom: row.signs_from === NOT_YET ? null : row.signs_from,
    signsUntil: row.signs_until,
  }
}

/** The column cannot be null, so a time that never comes stands for "not yet set". */
export function signsFromColumn({ signsFrom }: DkimLife): number {
  return signsFrom ?? NOT_YET
}

/** Seals the PEM of a private key for its name: under another it does not open. */
export function sealDkimKey(keyring: Keyring, name: DkimKeyName, pem: string): string {
  return seal(keyring, placeOf(name), pem)
}

/** The PEM of the private key. Throws when its secret key is missing. */
export function unsealDkimKey(keyring: Keyring, row: DkimKeyName & { sealed_private_key: string }): string {
  return unseal(keyring, placeOf(row), row.sealed_private_key)
}

function placeOf({ domain, selector }: DkimKeyName): string {
  return `dkim ${selector}._domainkey.${domain}`
}
