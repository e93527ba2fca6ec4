import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type ReceivedMail, receivedLine, receivedLines } from '../inbound/received-mail.ts'
import { type Page, readAll } from '../pages.ts'
import { saveAnswer } from '../save-answer.ts'
import { serviceId } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

const ALL = '/operator/inbound'

interface ListOptions extends CommonOptions {
  limit: number
  open?: true
  service?: string
}

export function addReceived(program: Command, host: CliHost): void {
  const received = program
    .command('received')
    .description('mail that came in, and what was concluded from it')

  addCommand(received, 'list', 'list it, newest first', [
    'received list --open',
    'received list --service news',
  ])
    .option('--open', 'what nobody understands and nobody has seen to')
    .option('--service <id or name>', 'of one service; everybody’s unless given')
    .option('--limit <number>', 'so many at most', wholeNumber, 100)
    .action(async ({ json, limit, open, service }: ListOptions) => {
      const found = await withApi(host, async (api) => {
        const path = service === undefined ? ALL : `/services/${await serviceId(api, service)}/inbound`
        return readAll((page) => api.get<Page<ReceivedMail>>(path, { ...page, open }), limit)
      })
      if (json) printJson({ items: found })
      else for (const mail of found) print(receivedLine(mail))
    })

  addCommand(received, 'show <id>', 'show one with what was concluded from it', ['received show 7']).action(
    async (id: string, { json }: CommonOptions) => {
      tell(await withApi(host, (api) => api.get<ReceivedMail>(pathOf(id))), json)
    },
  )

  addCommand(received, 'raw <id>', 'write one as it came', ['received raw 7 --output mail.eml'])
    .option('--output <file>', 'write there; the file appears when it is complete')
    .action(async (id: string, { output }: { output?: string }) => {
      await withApi(host, async (api) => {
        await saveAnswer(await api.stream({ method: 'GET', path: `${pathOf(id)}/raw` }), output)
      })
    })

  for (const [name, description] of [
    ['resolve', 'say that one was seen to'],
    ['retry', 'look again at one that was not understood, and do what it means'],
  ] as const) {
    addCommand(received, `${name} <id>`, description, [`received ${name} 7`]).action(
      async (id: string, { json }: CommonOptions) => {
        tell(await withApi(host, (api) => api.post<ReceivedMail>(`${pathOf(id)}/${name}`)), json)
      },
    )
  }
}

function pathOf(id: string): string {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw mistake(`${id} is not the number of a mail`)
  return `${ALL}/${id}`
}

function tell(mail: ReceivedMail, json: true | undefined): void {
  if (json) printJson(mail)
  else for (const line of receivedLines(mail)) print(line)
}
