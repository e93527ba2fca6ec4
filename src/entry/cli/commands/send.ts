import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import {
  addCommand,
  type CommonOptions,
  type GivenHeaders,
  gather,
  gatherHeader,
  note,
  print,
  printJson,
} from '../command.ts'
import { Failure, mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readBytes, readText } from '../input.ts'
import { type Recipient, readRecipients } from '../recipients.ts'
import { acceptAll, type Sent } from '../send/accept-all.ts'
import { untilSent } from '../send/until-sent.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  from: string
  subject?: string
  text?: string
  html?: string
  raw?: string
  to?: string[]
  recipients?: string
  header?: GivenHeaders
  requestId?: string
  sendAt?: string
  transactional?: true
  wait?: true
}

export function addSend(program: Command, host: CliHost): void {
  addCommand(program, 'send', 'send a mail to whoever may get it', [
    'send --from news@example.com --subject Hello --text hello.txt --to taro@example.jp --wait',
    'send --service news --from news@example.com --raw sale.eml --recipients list.ndjson --request-id sale-11',
  ])
    .addHelpText(
      'after',
      '\nRecipients: one address a line, or {"to", "substitutions", "unsubscribeUrl"} as JSON. More than 10,000 become' +
        '\nseveral deliveries. {{unsubscribe_url}} in a body becomes the link of the recipient.',
    )
    .option('--service <id or name>', 'who sends it; not needed when there is one service')
    .requiredOption('--from <mailbox>', 'address, or Name <address>')
    .option('--subject <text>', 'needed without --raw')
    .option('--text <file>', 'the plain body; - is stdin')
    .option('--html <file>', 'the HTML body')
    .option('--raw <file>', 'a whole message (RFC 5322) instead')
    .option('--to <address>', 'a recipient; may be repeated', gather)
    .option('--recipients <file>', 'a file of recipients; - is stdin')
    .option('--header <name: value>', 'another header; may be repeated for others', gatherHeader)
    .option('--request-id <text>', 'a repeat with the same one sends nothing and answers the same')
    .option('--send-at <moment>', 'e.g. 2026-11-21T09:30:00+09:00')
    .option('--transactional', 'opt-outs do not apply; bounces, complaints and the blocklist do')
    .option('--wait', 'wait until nothing is queued any more')
    .action(async (options: Options) => send(host, options))
}

async function send(host: CliHost, options: Options): Promise<void> {
  const batches = recipientsOf(options)
  const mail = await readMail(options)
  await withApi(host, async (api) => {
    if (options.wait && !api.serverRuns)
      throw new Failure(1, '--wait: no server runs that could send the mail')
    const path = `${await servicePath(api, options.service)}/deliveries`
    const sent = await acceptAll(api, path, mail, batches)
    if (!api.serverRuns) note('No server runs; the mail goes out when one does.')
    const messages = options.wait ? await untilSent(api, path, sent.deliveries) : undefined
    tell(options, { ...sent, ...(messages && { messages }) })
    const excluded = Object.keys(sent.excluded).length
    if (sent.accepted + excluded === 0) throw mistake('no recipient could be accepted')
    const failed = messages?.['failed'] ?? 0
    if (failed > 0) throw new Failure(1, `${failed} of ${sent.accepted} messages failed`)
  })
}

async function readMail(options: Options) {
  const { from, subject, text, html, raw, header: headers, requestId, sendAt, transactional } = options
  if ([text, html, raw, options.recipients].filter((file) => file === '-').length > 1) {
    throw mistake('only one file can be stdin')
  }
  const [twice] = Object.entries(headers ?? {}).find(([, value]) => Array.isArray(value)) ?? []
  if (twice !== undefined) throw mistake(`--header: ${twice} is given twice`)
  if (raw === undefined && text === undefined && html === undefined) {
    throw mistake('give --text, --html or --raw')
  }
  return {
    from,
    subject,
    ...(text !== undefined && { text: await readText(text) }),
    ...(html !== undefined && { html: await readText(html) }),
    ...(raw !== undefined && { raw: (await readBytes(raw)).toString('base64') }),
    headers,
    requestId,
    sendAt,
    transactional,
  }
}

function recipientsOf({ to, recipients }: Options): Iterable<Recipient[]> | AsyncIterable<Recipient[]> {
  if ((to === undefined) === (recipients === undefined))
    throw mistake('give --to, or --recipients, and not both')
  return recipients === undefined
    ? [(to ?? []).map((address) => ({ to: address }))]
    : readRecipients(recipients)
}

function tell({ json }: CommonOptions, sent: Sent & { messages?: Record<string, number> }): void {
  if (json) {
    printJson(sent)
    return
  }
  for (const address of sent.malformed)
    note(`warning: ${address} cannot be mailed: it is not a mail address, or a placeholder lacks its value`)
  print(`delivery ${sent.deliveries.join(', ')}: ${sent.accepted} accepted`)
  for (const [list, count] of Object.entries(sent.excluded)) print(`${count} excluded by ${list}`)
  if (sent.duplicates > 0) print(`${sent.duplicates} left out: their address came before`)
  for (const [state, count] of Object.entries(sent.messages ?? {})) print(`${count} ${state}`)
}
