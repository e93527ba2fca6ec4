import { randomUUID } from 'node:crypto'
import type { Compilable, ExpressionBuilder, Selectable } from 'kysely'
import { parseAddress } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { requireRevision, revisionOf } from '../../kernel/revision.ts'
import { withoutUndefined } from '../../kernel/without-undefined.ts'
import type { Database } from '../../storage/database.ts'
import { refusingTakenName } from '../../storage/refusing-taken-name.ts'
import type { Tables } from '../../storage/tables.ts'
import type { PersonPermission, PersonRole } from './roles.ts'

/** Someone who works in the console. */
export interface Person {
  id: string
  /** In lower case: what they sign in with, unique in the installation. */
  email: string
  name: string
  role: PersonRole
  /** Granted in addition to what the role brings. */
  permissions: PersonPermission[]
  /** The one site they see; null means every site of the installation. */
  siteId: number | null
  /** Names of services of the site; none means all of them. */
  services: string[]
  hasSecondFactor: boolean
  /** Until when nobody can sign in as them, after failed attempts; null when they are not locked. */
  lockedUntil: number | null
  disabledAt: number | null
  signedInAt: number | null
}

export type PersonRequest = Pick<Person, 'email' | 'name' | 'role' | 'permissions' | 'siteId' | 'services'>
export type PersonChange = {
  [K in Exclude<keyof PersonRequest, 'email'>]?: PersonRequest[K] | undefined
} & { disabled?: boolean | undefined }

/** All of them, or those of one site, by their addresses. */
export async function findPeople(database: Database, siteId?: number): Promise<Person[]> {
  let rows = database.query.selectFrom('person').selectAll().orderBy('email')
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId)
  return (await database.read(rows)).map(toPerson)
}

/** Undefined when there is no such person (any more). */
export async function findPersonById(database: Database, id: string): Promise<Person | undefined> {
  const [row] = await database.read(database.query.selectFrom('person').selectAll().where('id', '=', id))
  return row && toPerson(row)
}

/** Enters a person, who cannot sign in yet. Throws DomainError `name-taken`, or `invalid-value` (`email`). */
export async function createPerson(database: Database, request: PersonRequest, now: number): Promise<Person> {
  const email = readEmail(request.email)
  const row = {
    id: randomUUID(),
    email,
    name: request.name,
    email_verified: 1 as const,
    image: null,
    two_factor_enabled: 0 as const,
    ...grantColumns(request),
    failed_sign_ins: 0,
    locked_until: null,
    disabled_at: null,
    signed_in_at: null,
    created_at: now,
    updated_at: now,
  }
  const insert = database.query.insertInto('person').values(row)
  await refusingTakenName(`${email} is there already`, () => database.transact([insert]), { field: 'email' })
  return toPerson(row)
}

/** What an administrator has entered about a person. */
export function revisionOfPerson({ name, role, permissions, siteId, services, disabledAt }: Person): string {
  return revisionOf({ name, role, permissions, siteId, services, disabled: disabledAt !== null })
}

/**
 * Changes what is given and leaves the rest as it is, also beside changes made by others at the same time. Whoever is
 * disabled, or whose rights or site change, has to sign in again. `seen` is the revision that the caller's change was
 * based on. Throws DomainError `not-found`, `changed-meanwhile`, or `wrong-state` when nobody would be left who
 * administers the installation.
 */
export async function updatePerson(
  database: Database,
  id: string,
  change: PersonChange,
  { now, seen }: { now: number; seen?: string | undefined },
): Promise<Person> {
  for (;;) {
    const before = await findPersonById(database, id)
    if (!before) throw noPerson()
    requireRevision(seen, revisionOfPerson(before))
    const person = changed(before, change, now)
    if (await write(database, before, person, now)) return person
    const after = await findPersonById(database, id)
    if (after && revisionOfPerson(after) === revisionOfPerson(before)) {
      throw new DomainError(
        'wrong-state',
        'this is the only administrator of all sites: make somebody else one first',
      )
    }
  }
}

function changed(before: Person, { disabled, ...grants }: PersonChange, now: number): Person {
  const disabledAt = disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now) : null
  return { ...before, ...withoutUndefined(grants), disabledAt }
}

/**
 * False when the person has changed since `before` was read, or when nobody would be left who administers the
 * installation.
 */
async function write(database: Database, before: Person, person: Person, now: number): Promise<boolean> {
  const { query } = database
  const leaves = administers(before) && !administers(person)
  const others = query.selectFrom('person').select('id').where('id', '<>', before.id).where(administering)
  const update = query
    .updateTable('person')
    .set({ name: person.name, ...grantColumns(person), disabled_at: person.disabledAt, updated_at: now })
    .where((eb) => isAs(eb, before))
    .where((eb) => (leaves ? eb.exists(others) : eb.lit(true)))
    .returning('id')
  const isOther = JSON.stringify(grantColumns(before)) !== JSON.stringify(grantColumns(person))
  const sessions = query
    .deleteFrom('person_session')
    .where('person_id', '=', before.id)
    // Not by a change that was not made.
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('person')
          .select('id')
          .where((eb) => isAs(eb, person)),
      ),
    )
  const lock = leaves ? lockAdministrators(database) : []
  const results = await database.transact([
    ...lock,
    update,
    ...(isOther || person.disabledAt !== null ? [sessions] : []),
  ])
  return (results[lock.length]?.length ?? 0) > 0
}

/**
 * When two administrators take each other's rights away at once, one of them waits here and then finds that it has
 * none.
 */
function lockAdministrators({ engine, query }: Database): Compilable[] {
  if (engine === 'sqlite') return []
  return [query.selectFrom('person').select('id').where(administering).orderBy('id').forUpdate()]
}

const administering = (eb: ExpressionBuilder<Tables, 'person'>) =>
  eb.and([eb('role', '=', 'administrator'), eb('site_id', 'is', null), eb('disabled_at', 'is', null)])

function isAs(eb: ExpressionBuilder<Tables, 'person'>, person: Person) {
  const { id, name, disabledAt } = person
  const { site_id, ...grants } = grantColumns(person)
  return eb.and([
    eb.and({ id, name, ...grants }),
    eb('site_id', site_id === null ? 'is' : '=', site_id),
    eb('disabled_at', disabledAt === null ? 'is' : '=', disabledAt),
  ])
}

/** Lets the person try to sign in again at once. Throws DomainError `not-found`. */
export async function unlockPerson(database: Database, id: string): Promise<void> {
  const [rows] = await database.transact([
    database.query
      .updateTable('person')
      .set({ failed_sign_ins: 0, locked_until: null })
      .where('id', '=', id)
      .returning('id'),
    database.query
      .updateTable('person_second_factor')
      .set({ failed_verifications: 0, locked_until: null })
      .where('person_id', '=', id),
  ])
  if (rows.length === 0) throw noPerson()
}

export function noPerson(): DomainError {
  return new DomainError('not-found', 'there is no such person')
}

function administers({ role, siteId, disabledAt }: Person): boolean {
  return role === 'administrator' && siteId === null && disabledAt === null
}

function readEmail(text: string): string {
  const address = parseAddress(text)
  if (!address) throw invalid('email', 'is not a mail address')
  return address.address.toLowerCase()
}

function grantColumns({ role, permissions, siteId, services }: Omit<PersonRequest, 'email' | 'name'>) {
  return {
    role,
    permissions_json: JSON.stringify([...new Set(permissions)]),
    site_id: siteId,
    services_json: JSON.stringify(services),
  }
}

function toPerson(row: Selectable<Tables['person']>): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    permissions: JSON.parse(row.permissions_json),
    siteId: row.site_id,
    services: JSON.parse(row.services_json),
    hasSecondFactor: row.two_factor_enabled === 1,
    lockedUntil: row.locked_until,
    disabledAt: row.disabled_at,
    signedInAt: row.signed_in_at,
  }
}
