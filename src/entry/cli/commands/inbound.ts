import { json } from 'node:stream/consumers'
import type { Command } from 'commander'
import { type ApiClient, Unreachable, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { Failure } from '../failure.ts'
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
      '\nEach file is one mail; - is stdin. Files stay where they are: the same mail twice counts once. A file that is not taken is named on stderr; the others are taken.',
    )
    .option('--recipient <address>', 'whom the envelope names; found in the header unless given')
    .action(async (paths: string[], { recipient, json: asJson }: Options) => {
      const all: Taken[] = []
      let tried = 0
      const notTaken: { detail: string }[] = []
      /** A file or path that is not as it should be does not keep the others from being taken. */
      const each = async (name: string, work: () => Promise<void>) => {
        await work().catch((error: Error) => {
          if (error instanceof Unreachable) throw new Failure(error.exitCode, `${name}: ${error.message}`)
          const detail = error.message.startsWith(name) ? error.message : `${name}: ${error.message}`
          notTaken.push({ detail })
          if (!asJson) note(detail)
        })
      }
      await withApi(host, async (api) => {
        for (const path of paths) {
          let files: string[] | undefined
          await each(nameOf(path), async () => {
            files = await mailFiles(path)
          })
          tried += files?.length ?? 1
          for (const file of files ?? []) {
            await each(nameOf(file), async () => {
              const items = await take(api, file, recipient)
              if (asJson) all.push({ file: nameOf(file), items })
              else for (const { kind, outcome } of items) print(`${nameOf(file)}\t${kind}\t${outcome}`)
            })
          }
        }
      })
      if (asJson) printJson({ items: all })
      if (notTaken.length > 0)
        throw new Failure(1, `${notTaken.length} of ${tried} not taken`, { errors: notTaken })
    })
}

async function take(api: ApiClient, file: string, recipient: string | undefined): Promise<Taken['items']> {
  const body = { type: 'message/rfc822', content: await inputStream(file) }
  const answer = await api.stream({ method: 'POST', path: '/operator/inbound', query: { recipient }, body })
  return ((await json(answer)) as { items: Taken['items'] }).items
}
