import type { FastifyReply } from 'fastify'
import type { ExportFile } from '../../exports/file.ts'
import { isoTimes } from '../../exports/iso-times.ts'
import type { Language } from '../../kernel/texts.ts'
import { element } from '../xml/write-xml.ts'
import { messageOf, type Refused, statusOf } from './errors.ts'

export type Format = 'json' | 'xml'

/** A record of an answer, in the order in which its properties are written. */
export type VendorRecord = Readonly<Record<string, string | number>>

/** What an operation answers: success, records under the vendor's two names for them, or a file. */
export type Answer =
  | { kind: 'success' }
  | { kind: 'records'; root: string; item: string; records: readonly VendorRecord[] }
  | { kind: 'file'; file: ExportFile }

const TYPES: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}

export function sendAnswer(reply: FastifyReply, answer: Answer, format: Format): FastifyReply {
  if (answer.kind === 'file') {
    const { name, content } = answer.file
    reply.header('content-disposition', `attachment; filename="${name}"`)
    return reply.type('application/octet-stream').send(content)
  }
  reply.type(TYPES[format])
  return reply.send(answer.kind === 'success' ? SUCCESS[format] : encodeRecords(answer, format))
}

export function sendRefusal(
  reply: FastifyReply,
  refusal: Refused,
  { format, language }: { format: Format; language: Language },
): FastifyReply {
  const records = refusal.errors.map((error) => ({
    code: error.code,
    field: error.field,
    message: messageOf(error, language),
  }))
  reply.code(statusOf(refusal)).type(TYPES[format])
  return reply.send(encodeRecords({ root: 'errors', item: 'error', records }, format))
}

/** `2026-11-21 09:30:00` in an IANA zone, as the vendor writes every time. */
export function vendorTimes(timeZone: string): (time: number) => string {
  const iso = isoTimes(timeZone)
  return (time) => iso(time).slice(0, 19).replace('T', ' ')
}

const SUCCESS: Record<Format, string> = {
  json: JSON.stringify({ message: 'success' }),
  xml: element('success', [element('message', 'success')]),
}

function encodeRecords(
  { root, item, records }: { root: string; item: string; records: readonly VendorRecord[] },
  format: Format,
): string {
  if (format === 'json') return JSON.stringify({ [root]: records })
  const items = records.map((record) =>
    element(
      item,
      Object.entries(record).map(([name, value]) => element(name, value)),
    ),
  )
  return element(root, items)
}
