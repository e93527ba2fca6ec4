import createClient from 'openapi-fetch'
import { askForPassword, askToSignIn } from '../session/prompts.ts'
import { readRefusal } from './refusal.ts'
import type { paths } from './schema.d.ts'

/** The native interface, typed by its own description. Every call rejects with a `Refusal` for what the server refuses. */
export const api = createClient<paths>({ fetch: (request) => fetchAsPerson(request) })

/**
 * Sends a request as the signed-in person. Where the session ended meanwhile, or the password has to be entered again, the
 * page asks for it where it stands, and the request goes once more: nothing that was typed is lost.
 */
async function fetchAsPerson(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await fetch(request)
  const refusal = await readRefusal(response.clone())
  if (!refusal) return response
  if (refusal.status === 401 && !request.url.endsWith('/me/confirm')) {
    if (await askToSignIn()) return fetchAsPerson(again)
  }
  if (refusal.code === 'confirmation-needed' && (await askForPassword())) return fetchAsPerson(again)
  throw refusal
}

/** The body of an answer; `Refusal`s were thrown before. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}
