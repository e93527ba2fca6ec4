import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Language, pickLanguage } from '../../kernel/texts.ts'
import { formPage } from '../../pages/form-page.ts'
import { pageHeaders } from '../../pages/frame.ts'
import { noticePage } from '../../pages/notice-page.ts'
import { publicPath } from '../../pages/public-path.ts'
import type { Theme } from '../../pages/theme.ts'
import { FORM_PATH, type Form } from '../../subscribers/forms/form.ts'
import type { FindPublicForm } from '../../subscribers/forms/form-directory.ts'
import { MOST_OF_ADDRESS } from '../../subscribers/forms/form-inputs.ts'
import type { FormState } from '../../subscribers/forms/form-texts.ts'
import { type Entered, formView, stateView } from '../../subscribers/forms/form-view.ts'
import { cleaned, enteredAddress, type Given } from '../../subscribers/forms/read-answers.ts'
import { type Registered, type RegisterParts, registerByForm } from '../../subscribers/forms/register.ts'
import { languagesOf } from '../../tenants/form-rules.ts'
import { type PageDirectory, PLAIN_LOOK, type PublicLook } from '../../tenants/page-directory.ts'
import { readFormBody } from './read-form-body.ts'

export interface FormEndpointParts extends RegisterParts {
  /** The path of the public URL, '' when it has none. */
  prefix: string
  findForm: FindPublicForm
  pages: PageDirectory
  clientAddress(request: IncomingMessage): string | undefined
  onOutcome(outcome: Outcome): void
  onError(error: unknown): void
}

type Outcome = Registered['outcome'] | FormState | 'shown' | 'wrong-method'

interface Answer {
  outcome: Outcome
  status: number
  /** In the look of the form's service. */
  page(theme: Theme): string
  headers?: Record<string, string>
}

const STATUS: Record<FormState, number> = {
  sent: 200,
  joined: 200,
  closed: 410,
  unknown: 404,
  unreadable: 400,
  unavailable: 503,
}

const TRY_LATER = { 'retry-after': '60' }

/**
 * The public page of a registration form (PC登録フォーム). Answers true when the raw target is one of its own. Anyone may
 * call it, from any site: that is what it is for. It reads no cookie and sets none; what is entered stands in the body
 * alone, never in a URL.
 */
export function createFormEndpoint(
  parts: FormEndpointParts,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const target = readTarget(request.url ?? '', parts.prefix)
    if (!target) return false
    respond(parts, target, request, response).catch(parts.onError)
    return true
  }
}

interface Target {
  id: string
  asked: Language | undefined
}

function readTarget(rawTarget: string, prefix: string): Target | undefined {
  const path = publicPath(rawTarget, prefix)
  if (!path.startsWith(FORM_PATH)) return undefined
  const [, id = '', query = ''] = /^([a-z2-7]{16})(?:\?(.*))?$/s.exec(path.slice(FORM_PATH.length)) ?? []
  const [, asked] = /(?:^|&)lang=(ja|en)(?:&|$)/.exec(query) ?? []
  return { id, asked: asked as Language | undefined }
}

async function respond(
  parts: FormEndpointParts,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const preferredIn = ({ language }: PublicLook) =>
    target.asked ?? pickLanguage(request.headers['accept-language'], language)
  let form: Form | undefined
  let look = PLAIN_LOOK
  let complete = request.method === 'GET' || request.method === 'HEAD'
  let answer: Answer
  try {
    form = await parts.findForm(target.id)
    if (form) look = await parts.pages.find(form.serviceId)
    const preferred = preferredIn(look)
    const offered = form ? languagesOf(form) : []
    const language = offered.includes(preferred) ? preferred : (offered[0] ?? preferred)
    if (!form) answer = stateAnswer('unknown', language)
    else if (!form.active) answer = stateAnswer('closed', language)
    else if (complete) {
      const view = formView(form, language, parts.prefix)
      answer = { outcome: 'shown', status: 200, page: (theme) => formPage(view, theme) }
    } else if (request.method === 'POST') {
      const body = await readFormBody(request)
      complete = body.complete
      answer = await post(parts, form, language, body.fields, request)
    } else {
      const { page } = stateAnswer('unreadable', language)
      answer = { outcome: 'wrong-method', status: 405, page, headers: { allow: 'GET, HEAD, POST' } }
    }
  } catch (error) {
    parts.onError(error)
    answer = { ...stateAnswer('unavailable', preferredIn(look)), headers: TRY_LATER }
    complete = false
  }
  parts.onOutcome(answer.outcome)
  if (!complete) request.resume()
  const page = answer.page(look.theme)
  response.writeHead(answer.status, {
    ...pageHeaders(look.theme, { framedBy: form?.embedOrigins ?? [], leadsTo: placesOf(form) }),
    'content-length': Buffer.byteLength(page),
    ...answer.headers,
    ...(!complete && { connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : page)
}

async function post(
  parts: FormEndpointParts,
  form: Form,
  language: Language,
  fields: URLSearchParams | undefined,
  request: IncomingMessage,
): Promise<Answer> {
  if (!fields) return stateAnswer('unreadable', language)
  const given: Given = (name) => cleaned(fields.get(name) ?? '')
  const again = (
    outcome: Outcome,
    status: number,
    entered: Omit<Entered, 'given'>,
    headers = {},
  ): Answer => ({
    ...{ outcome, status, headers },
    page: (theme) => formPage(formView(form, language, parts.prefix, { given, ...entered }), theme),
  })
  try {
    const clientAddress = parts.clientAddress(request)
    const userAgent = request.headers['user-agent'] ?? null
    const registered = await registerByForm(parts, { form, given, language, clientAddress, userAgent })
    const { outcome } = registered
    if (outcome === 'mistakes')
      return again(outcome, 422, { problem: outcome, mistakes: registered.mistakes })
    if (outcome === 'too-much') return again(outcome, 422, { problem: outcome })
    if (outcome === 'too-many') return again(outcome, 429, { problem: outcome }, { 'retry-after': '3600' })
    if (outcome === 'no-sender') return again(outcome, 503, { problem: 'unavailable' }, TRY_LATER)
    // A program that gave itself away is answered as if everything were fine.
    const state = outcome === 'trapped' ? (form.doubleOptIn ? 'sent' : 'joined') : outcome
    if (state === 'sent') {
      // A program may have sent anything.
      const sentTo = enteredAddress(given).slice(0, MOST_OF_ADDRESS).toWellFormed()
      return { ...stateAnswer(state, language, form, sentTo), outcome }
    }
    const answer = { ...stateAnswer(state, language, form), outcome }
    if (form.redirectUrl === null) return answer
    return { ...answer, status: 303, headers: { location: form.redirectUrl } }
  } catch (error) {
    parts.onError(error)
    return again('unavailable', 503, { problem: 'unavailable' }, TRY_LATER)
  }
}

function stateAnswer(state: FormState, language: Language, form?: Form, sentTo?: string): Answer {
  const view = stateView(state, language, { form, ...(sentTo !== undefined && { sentTo }) })
  return { outcome: state, status: STATUS[state], page: (theme) => noticePage(view, theme) }
}

/** The origins that a form's answer may lead to, which browsers enforce. */
function placesOf(form: Form | undefined): string[] {
  return form?.redirectUrl ? [new URL(form.redirectUrl).origin] : []
}
