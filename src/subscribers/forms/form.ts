import { isDeepStrictEqual } from 'node:util'
import { addressKey } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { newClassId } from '../../kernel/ids.ts'
import { readInput } from '../../kernel/mistakes.ts'
import { requireRevision } from '../../kernel/revision.ts'
import { withoutUndefined } from '../../kernel/without-undefined.ts'
import type { Database } from '../../storage/database.ts'
import { refusingTakenName } from '../../storage/refusing-taken-name.ts'
import type { Tables } from '../../storage/tables.ts'
import {
  type FormChange,
  type FormDefinition,
  type FormRequest,
  formRequest,
} from '../../tenants/form-rules.ts'
import { findSenders } from '../../tenants/sender.ts'
import type { Service } from '../../tenants/service.ts'

/** A registration form (PC登録フォーム): whoever registers by it joins its service. */
export interface Form extends FormDefinition {
  /** 16 characters, in its public URL. */
  id: string
  serviceId: number
  /** Different after each change. */
  revision: string
  createdAt: number
  updatedAt: number
}

/** The path below the public URL at which forms begin; it cannot be mistaken for a `class_id`. */
export const FORM_PATH = '/-/form/'

/** A service's forms, by name. */
export async function findForms(database: Database, serviceId: number): Promise<Form[]> {
  const rows = await database.read(
    database.query.selectFrom('form').selectAll().where('service_id', '=', serviceId).orderBy('name'),
  )
  return rows.map(toForm)
}

/** Throws DomainError `unknown-form`. */
export async function findForm(database: Database, serviceId: number, id: string): Promise<Form> {
  const form = await findAnyForm(database, id)
  if (form?.serviceId === serviceId) return form
  throw new DomainError('unknown-form', `the service has no form ${id}`, { field: 'id' })
}

/** A form of any service, for whoever has its public URL. */
export async function findAnyForm(database: Database, id: string): Promise<Form | undefined> {
  const [row] = await database.read(database.query.selectFrom('form').selectAll().where('id', '=', id))
  return row && toForm(row)
}

/** Throws DomainError `invalid-value`, `unknown-sender` or `name-taken`. */
export async function createForm(
  database: Database,
  service: Pick<Service, 'id' | 'settings'>,
  { now, ...given }: FormRequest & { now: number },
): Promise<Form> {
  const definition = readInput(formRequest, given)
  await requireSender(database, service, definition)
  const row = {
    ...{ id: newClassId(), service_id: service.id, revision: 1, created_at: now, updated_at: now },
    ...toColumns(definition),
  }
  await refusingTakenName(taken(definition.name), () =>
    database.transact([database.query.insertInto('form').values(row)]),
  )
  return toForm(row)
}

/**
 * Changes the parts that are given, each as a whole, and leaves the others as they are, also beside changes made by
 * others at the same time. `seen` is the revision that the caller's change was based on. Throws DomainError
 * `invalid-value`, `unknown-sender`, `name-taken`, `unknown-form` or `changed-meanwhile`.
 */
export async function updateForm(
  database: Database,
  service: Pick<Service, 'id' | 'settings'>,
  id: string,
  { now, seen, ...given }: FormChange & { now: number; seen?: string | undefined },
): Promise<Form> {
  for (;;) {
    const before = await findForm(database, service.id, id)
    requireRevision(seen, before.revision)
    const definition = changedDefinition(before, given)
    if (isDeepStrictEqual(definition, definitionOf(before))) return before
    await requireSender(database, service, definition)
    const revision = Number(before.revision)
    const [[changed]] = await refusingTakenName(taken(definition.name), () =>
      database.transact([
        database.query
          .updateTable('form')
          .set({ ...toColumns(definition), revision: revision + 1, updated_at: now })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .returningAll(),
      ]),
    )
    if (changed) return toForm(changed)
  }
}

/** Deletes a form together with its page; whoever registered stays registered. Throws DomainError `unknown-form`. */
export async function deleteForm(database: Database, serviceId: number, id: string): Promise<Form> {
  const form = await findForm(database, serviceId, id)
  await database.transact([database.query.deleteFrom('form').where('id', '=', id)])
  return form
}

/** What a form would be after a change, each part replaced as a whole. Throws DomainErrors. */
export function changedDefinition(before: Form, change: FormChange): FormDefinition {
  return readInput(formRequest, { ...definitionOf(before), ...withoutUndefined(change) })
}

/** Why a form cannot ask by mail. Senders are permanent, so one that a form may ask by now it may always ask by. */
export function mistakeInSender(
  { sender, doubleOptIn, active }: FormDefinition,
  { senderKeys, confirmationFrom }: { senderKeys: ReadonlySet<string>; confirmationFrom: string | null },
): DomainError | undefined {
  if (sender !== null && !senderKeys.has(addressKey(sender) ?? '')) {
    return new DomainError('unknown-sender', 'the service has no such sender', { field: 'sender' })
  }
  if (!doubleOptIn || !active || senderKeys.size > 0 || confirmationFrom !== null) return undefined
  return invalid('doubleOptIn', 'needs a sender that the mail can come from: register one first')
}

async function requireSender(
  database: Database,
  { id, settings }: Pick<Service, 'id' | 'settings'>,
  definition: FormDefinition,
): Promise<void> {
  const senders = await findSenders(database, id)
  const senderKeys = new Set(senders.map((sender) => sender.addressKey))
  const mistake = mistakeInSender(definition, { ...settings, senderKeys })
  if (mistake) throw mistake
}

function definitionOf({ id, serviceId, revision, createdAt, updatedAt, ...definition }: Form) {
  return definition
}

function toColumns({ name, active, ...definition }: FormDefinition) {
  return { name, active: active ? (1 as const) : (0 as const), definition_json: JSON.stringify(definition) }
}

function toForm({ definition_json, ...row }: Tables['form']): Form {
  return {
    id: row.id,
    serviceId: row.service_id,
    name: row.name,
    active: row.active === 1,
    ...JSON.parse(definition_json),
    revision: String(row.revision),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function taken(name: string): string {
  return `the service has a form ${name} already`
}
