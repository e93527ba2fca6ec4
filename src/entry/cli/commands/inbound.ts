import { json } from 'node:stream/consumers'
import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { mailFiles } from '../inbound/mail-files.ts'
import { inputStream, nameOf } from '../input.ts'

interface Options extends CommonOptions {
  recipient?: string
}

interface Taken {
  file: string
  items: { kind: string; outcome: string }[]
}

export function addInbound(program: Command, host: CliHost): void {
  addCommand(
    program,
    'inbound <path...>',
    'take in bounces, complaints and unsubscribes that something else received',
    [
      'inbound bounce.eml',
      'inbound /var/mail/bounces/Maildir',
      'inbound - --recipient b-ceaaaaaaaaaaaaaaaaaaa@in.example.com < bounce.eml',
    ],
  )
    .addHelpText(
      'after',
      '\nEach file is one mail; - is stdin. Files stay where they are: the same mail twice counts once.',
    )
    .option('--recipient <address>', 'whom the envelope names; found in the header unless given')
    .action(async (paths: string[], { recipient, json: asJson }: Options) => {
      const all: Taken[] = []
      await withApi(host, async (api) => {
        for (const path of paths) {
          for (const file of await mailFiles(path)) {
            const items = await take(api, file, recipient)
            const outcomes = items.map(({ kind, outcome }) => `${kind}\t${outcome}`)
            if (asJson) all.push({ file: nameOf(file), items })
            else for (const outcome of outcomes) print(`${nameOf(file)}\t${outcome}`)
          }
        }
      })
      if (asJson) printJson({ items: all })
    })
}

async function take(api: ApiClient, file: string, recipient: string | undefined): Promise<Taken['items']> {
  const body = { type: 'message/rfc822', content: await inputStream(file) }
  const answer = await api.stream({ method: 'POST', path: '/operator/inbound', query: { recipient }, body })
  return ((await json(answer)) as { items: Taken['items'] }).items
}
