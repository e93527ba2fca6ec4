import createClient from 'openapi-fetch'
import { askForPassword, askToSignIn } from '../session/prompt.ts'
import { reach } from './reach.ts'
import { readRefusal } from './refusal.ts'
import type { paths } from './schema.d.ts'

/**
 * The native interface, typed by its own description. Every call rejects with a `Refusal` when the server refuses it.
 */
export const api = createClient<paths>({ fetch: (request) => callAsPerson(() => request.clone()) })

/**
 * Sends a request as the signed-in person. If the session has ended meanwhile, or the password has to be entered again,
 * the page asks for it in place and the request is made once more: nothing that was typed is lost.
 */
export async function callAsPerson(make: () => Request): Promise<Response> {
  const request = make()
  const response = await reach(request)
  if (response.ok) return response
  const refusal = await readRefusal(response)
  // A wrong password is entered again in its own field: the session goes on.
  const isWrongPassword = refusal.mistakes.some(({ field }) => field === 'password')
  if (refusal.status === 401 && !isWrongPassword && (await askToSignIn())) return callAsPerson(make)
  if (refusal.code === 'confirmation-needed' && (await askForPassword())) return callAsPerson(make)
  throw refusal
}

/** The body of an answer; a refusal has been thrown before this. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}
