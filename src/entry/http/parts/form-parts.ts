import type { FormParts } from '../../../dialects/native/parts/form-parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { invalid } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import {
  createForm,
  deleteForm,
  FORM_PATH,
  type Form,
  findForm,
  findForms,
  updateForm,
} from '../../../subscribers/forms/form.ts'
import { embedCode } from '../../../subscribers/forms/form-view.ts'
import { languagesOf } from '../../../tenants/form-rules.ts'
import type { RecordChange } from './change-record.ts'
import { pageOf } from './native-pages.ts'

interface Capabilities {
  database: Database
  clock: Clock
  publicUrl: string
  record: RecordChange
}

/** What the native interface does with registration forms. */
export function createFormParts({ database, clock, publicUrl, record }: Capabilities): FormParts {
  const onPage = (form: Form) => ({ ...form, url: `${publicUrl}${FORM_PATH}${form.id}` })
  return {
    find: async (service, page) => {
      const { items, next } = pageOf(await findForms(database, service.id), page, ({ name }) => name)
      return { items: items.map(onPage), next }
    },
    findOne: async (service, id) => onPage(await findForm(database, service.id, id)),
    create: async (service, request, actor) => {
      const form = await createForm(database, service, { ...request, now: clock() })
      await record(actor, service, 'form.create', form.name, { ...request, id: form.id })
      return onPage(form)
    },
    update: async (service, id, change, seen, actor) => {
      const form = await updateForm(database, service, id, { ...change, seen, now: clock() })
      await record(actor, service, 'form.update', form.name, { id, ...change })
      return onPage(form)
    },
    remove: async (service, id, actor) => {
      const { name } = await deleteForm(database, service.id, id)
      await record(actor, service, 'form.delete', name, { id })
    },
    embed: async (service, id, asked) => {
      const form = await findForm(database, service.id, id)
      const [first = 'ja'] = languagesOf(form)
      const language = asked ?? first
      if (!form.texts[language]) throw invalid('language', 'the form has no texts in this language')
      return embedCode(form, language, publicUrl)
    },
  }
}
