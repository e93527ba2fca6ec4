import { type ClientOptions, createClient } from './connection.ts'
import { deliveriesOf, searchMessages, send } from './deliveries.ts'
import { errorCountsOf } from './error-counts.ts'
import { type ExportFilter, type ExportName, exportFile, type FileForm } from './exports.ts'
import { filtersOf } from './filters.ts'
import { formsOf } from './forms.ts'
import { importsOf } from './imports.ts'
import { inboundOf } from './inbound.ts'
import { check, mintHeaders } from './mail.ts'
import { reportsOf } from './reports.ts'
import { sendersOf } from './senders.ts'
import { subscribersOf } from './subscribers.ts'
import { suppressionsOf } from './suppressions.ts'

export type KaijoClientOptions = ClientOptions
export type KaijoClient = ReturnType<typeof kaijoClient>

/**
 * The native API of a service, for other applications' processes. What Kaijo refuses, and that it cannot be asked,
 * rejects with an error that has a `code` and, where Kaijo answered, its `problem`. Throws for options that cannot
 * work. Times are UTC, ISO 8601.
 */
export function kaijoClient(options: ClientOptions) {
  const client = createClient(options)
  return {
    /** Who would get a mail now: of any number of recipients, in their order. */
    check: (mail: Parameters<typeof check>[1]) => check(client, mail),
    /** The two header values for a mail that someone else sends. */
    headers: (mail: Parameters<typeof mintHeaders>[1]) => mintHeaders(client, mail),
    /** Sends a mail to at most 10,000 recipients. */
    send: (delivery: Parameters<typeof send>[1]) => send(client, delivery),
    deliveries: deliveriesOf(client),
    /** What became of mails across deliveries, newest first. */
    messages: (search?: Parameters<typeof searchMessages>[1]) => searchMessages(client, search),
    suppressions: suppressionsOf(client),
    subscribers: subscribersOf(client),
    forms: formsOf(client),
    senders: sendersOf(client),
    filters: filtersOf(client),
    errorCounts: errorCountsOf(client),
    inbound: inboundOf(client),
    imports: importsOf(client),
    /** A list or a report as a stream of bytes, whatever its size. */
    export: (name: ExportName, filter?: ExportFilter, form?: FileForm) =>
      exportFile(client, name, filter, form),
    reports: reportsOf(client),
  }
}
