import type { ProvisionForms, WantedForm } from '../../access/provision/provision-forms.ts'
import { addressKey } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { mistakesOf, readInput } from '../../kernel/mistakes.ts'
import type { Database } from '../../storage/database.ts'
import { type FormDefinition, formRequest } from '../../tenants/form-rules.ts'
import { findSenders } from '../../tenants/sender.ts'
import {
  changedDefinition,
  createForm,
  FORM_PATH,
  type Form,
  findForms,
  mistakeInSender,
  updateForm,
} from './form.ts'

/**
 * Brings registration forms, each found by its name, in line with a provisioning file; what the file does not say of
 * one stays as it is.
 */
export function createProvisionForms({
  database,
  clock,
  publicUrl,
}: {
  database: Database
  clock: Clock
  publicUrl: string
}): ProvisionForms {
  return {
    conflicts: async (wanted, { service, senders, confirmationFrom, path }) => {
      const stored = service ? await findForms(database, service.id) : []
      const known = service ? await findSenders(database, service.id) : []
      const senderKeys = new Set([...known.map((one) => one.addressKey), ...senders.map(keyOf)])
      return wanted.flatMap((one, index) => {
        const place = `${path}.forms[${index}]`
        const read = readWanted(one, named(stored, one))
        if ('mistakes' in read) return read.mistakes.map((mistake) => at(place, mistake))
        const mistake = mistakeInSender(read.definition, { senderKeys, confirmationFrom })
        return mistake ? [at(place, mistake)] : []
      })
    },
    settle: async (service, wanted) => {
      const settled: Awaited<ReturnType<ProvisionForms['settle']>> = []
      for (const one of wanted) {
        const before = named(await findForms(database, service.id), one)
        const form = before
          ? await updateForm(database, service, before.id, { ...one, now: clock() })
          : await createForm(database, service, { ...readInput(formRequest, one), now: clock() })
        const isChanged = form.revision !== before?.revision
        const outcome = before ? (isChanged ? 'updated' : 'unchanged') : 'created'
        settled.push({ id: form.id, name: form.name, url: `${publicUrl}${FORM_PATH}${form.id}`, outcome })
      }
      return settled
    },
  }
}

function named(forms: readonly Form[], { name }: WantedForm): Form | undefined {
  return forms.find((form) => form.name === name)
}

function readWanted(
  wanted: WantedForm,
  before: Form | undefined,
): { definition: FormDefinition } | { mistakes: readonly DomainError[] } {
  try {
    return { definition: before ? changedDefinition(before, wanted) : readInput(formRequest, wanted) }
  } catch (error) {
    if (error instanceof DomainError) return { mistakes: mistakesOf(error) }
    throw error
  }
}

function at(place: string, { code, message, field }: DomainError): DomainError {
  return new DomainError(code, message, { field: field === undefined ? place : `${place}.${field}` })
}

const keyOf = (address: string) => addressKey(address) ?? ''
