import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

type Language = 'ja' | 'en'

type Words = Partial<Record<Language, string>>

/** What a form says in one language; what is left empty is said in Kaijo's own words, or not at all. */
interface FormTexts {
  title: string
  lead: string
  button: string
  /** Has to be agreed to, where the form has one. */
  consent: string
  done: string
  /** Of the mail that asks to confirm. */
  mailSubject: string
  mailText: string
}

interface FormField {
  /** The subscriber's attribute that the answer becomes. */
  attribute: string
  type: 'text' | 'choice' | 'checkbox' | 'date'
  label: Words
  required?: boolean
  /** Of a choice, in their order. */
  choices?: { value: string; label: Words }[]
}

/** A registration form (PC登録フォーム): whoever registers by it joins the service. */
export interface FormRequest {
  name: string
  /** False: its page says that it is closed. */
  active?: boolean
  /** It is offered in the languages that it has texts in. */
  texts: Partial<Record<Language, Pick<FormTexts, 'title'> & Partial<FormTexts>>>
  /** Beside the address, in their order. */
  fields?: FormField[]
  /** False: whoever registers joins at once, whosever address it is. */
  doubleOptIn?: boolean
  /** The sender of the mail that asks to confirm; null means the one that the service's settings name. */
  sender?: string | null
  redirectUrl?: string | null
  embedOrigins?: string[]
}

export interface FormView extends Required<FormRequest> {
  id: string
  /** Of its public page. */
  url: string
  texts: Partial<Record<Language, FormTexts>>
  fields: Required<FormField>[]
  /** Stands for the form as it is now: a change that gives it is refused once the form is different. */
  revision: string
  createdAt: string
  updatedAt: string
}

export function formsOf(client: Client) {
  return {
    /** By name. */
    list: () => pages((page) => client.get<Page<FormView>>(`/forms${page}`)),
    get: (id: string) => client.get<FormView>(pathOf(id)),
    create: (form: FormRequest) => client.once<FormView>('POST', '/forms', form),
    /** Changes what is given, each part as a whole; with `revision`, only what was seen. */
    change: (id: string, change: Partial<FormRequest> & { revision?: string }) =>
      client.once<FormView>('PATCH', pathOf(id), change),
    /** Deletes its page too; whoever registered by it stays registered. */
    remove: (id: string) => client.once<void>('DELETE', pathOf(id)),
    /** The HTML that puts it on another site: the form itself, and its page in a frame. */
    embed: (id: string, { language }: { language?: Language } = {}) =>
      client.get<{ form: string; frame: string }>(`${pathOf(id)}/embed${query({ language })}`),
  }
}

function pathOf(id: string): string {
  return `/forms/${encodeURIComponent(id)}`
}
