import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Need } from '../../access/authorise.ts'
import type { XmlElement } from '../xml/read-xml.ts'
import type { SignedIn } from './parts.ts'

export interface Operation {
  /** The root of its requests. Answers to `mail` have the same one, those to `request` have `response`. */
  root: 'request' | 'mail'
  /** What its caller needs; undefined where each delivery of a request needs what its action does. */
  need: Need | undefined
  bodyLimit: number
  /** Answers a document. */
  answer(call: {
    root: XmlElement
    signedIn: SignedIn
    request: FastifyRequest
    reply: FastifyReply
  }): Promise<string>
}

/** By path. */
export type Operations = Record<string, Operation>
