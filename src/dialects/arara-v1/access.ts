import type { FastifyRequest } from 'fastify'
import { authorise, type Need } from '../../access/authorise.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { XmlElement } from '../xml/read-xml.ts'
import { childOf, textOf } from './decode.ts'
import type { AraraV1Parts, SignedIn, SiteCredentials } from './parts.ts'

/**
 * Signs in whoever sends a request, and checks that they may do its operation. The headers of the vendor's queueing
 * mode count if they are there, otherwise the element `auth`. Throws DomainError `unauthenticated` or `forbidden`.
 */
export async function admit(
  parts: AraraV1Parts,
  request: FastifyRequest,
  root: XmlElement,
  need: Need | undefined,
): Promise<SignedIn> {
  const given = fromHeaders(request) ?? fromElement(root)
  if (!given) throw new DomainError('unauthenticated', 'site, service, name and pass are needed')
  const signedIn = await parts.signIn({ ...given, clientAddress: parts.clientAddress(request.raw) })
  if (need) authorise(signedIn.caller, signedIn.service, need)
  return signedIn
}

type Given = Omit<SiteCredentials, 'clientAddress'>

function fromHeaders({ headers }: FastifyRequest): Given | undefined {
  if (headers['x-automailuser'] === undefined) return undefined
  const value = (name: string) => String(headers[`x-automail${name}`] ?? '')
  // Node reads header bytes as Latin-1; names may hold any character.
  const text = (name: string) => Buffer.from(value(name), 'latin1').toString('utf8')
  return complete(value('usesite'), value('useservice'), text('user'), text('password'))
}

function fromElement(root: XmlElement): Given | undefined {
  const auth = childOf(root, 'auth')
  const id = (name: string) => childOf(auth, name)?.attributes['id'] ?? ''
  return complete(id('site'), id('service'), textOf(auth, 'name') ?? '', textOf(auth, 'pass') ?? '')
}

function complete(site: string, service: string, name: string, key: string): Given | undefined {
  const ids = [site, service].map((text) => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined))
  if (ids[0] === undefined || ids[1] === undefined || name === '' || key === '') return undefined
  return { site: ids[0], service: ids[1], name, key }
}
