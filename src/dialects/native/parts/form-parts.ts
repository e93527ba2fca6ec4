import type { Language } from '../../../kernel/texts.ts'
import type { Form } from '../../../subscribers/forms/form.ts'
import type { FormChange, FormRequest } from '../../../tenants/form-rules.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Page, PageRequest } from '../pages.ts'

/** A form with the URL of its page. */
export type FormOnPage = Form & { url: string }

/** Registration forms (PC登録フォーム). */
export interface FormParts {
  find(service: Service, page: PageRequest): Promise<Page<FormOnPage>>
  findOne(service: Service, id: string): Promise<FormOnPage>
  create(service: Service, request: FormRequest, actor: string): Promise<FormOnPage>
  /** `seen` is the revision that the change is made to. */
  update(
    service: Service,
    id: string,
    change: FormChange,
    seen: string | undefined,
    actor: string,
  ): Promise<FormOnPage>
  remove(service: Service, id: string, actor: string): Promise<void>
  /** HTML for a site of the customer's, in a language that the form is offered in. */
  embed(
    service: Service,
    id: string,
    language: Language | undefined,
  ): Promise<{ form: string; frame: string }>
}
