import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { PROGRAM } from '../program-name.ts'
import { startProgress } from '../progress.ts'
import { serviceId } from '../services.ts'
import { whenInterrupted } from '../when-interrupted.ts'

interface Options extends CommonOptions {
  service?: string
  yes?: true
}

interface Erasure {
  id: string
  state: 'running' | 'done'
  at: string
  finishedAt: string | null
  keyId: string
  replaced: Record<string, number>
  lookingAt: string | null
  looked: number
}

const POLL_MS = 500

export function addErase(program: Command, host: CliHost): void {
  addCommand(
    program,
    'erase <address>',
    'erase a person from a site; whoever excludes them goes on doing so',
    ['erase taro@example.jp --service news --yes', 'erase taro@example.jp --yes --json > receipt.json'],
  )
    .addHelpText(
      'after',
      '\nNothing brings the person back. Backups and files that were exported are yours to look after. It goes on' +
        '\nwhen this command or the server ends; erasure tells how it stands.',
    )
    .option('--service <id or name>', 'any of the site; not needed when there is one service')
    .option('--yes', 'it is meant')
    .action(async (address: string, { service, yes, json }: Options) => {
      if (!yes) throw mistake('an erasure cannot be taken back: say --yes')
      const receipt = await withApi(host, async (api) => {
        const begun = await api.post<Erasure>('/erasures', {
          address,
          service: await serviceId(api, service),
        })
        return untilDone(api, begun)
      })
      tell(receipt, json)
    })

  addCommand(program, 'erasure <id>', 'tell how an erasure stands, or its receipt', [
    'erasure 0d5fa3c1-4a52-4d0b-9d52-6b1c0a8f7e21',
  ]).action(async (id: string, { json }: CommonOptions) => {
    tell(await withApi(host, (api) => api.get<Erasure>(`/erasures/${encodeURIComponent(id)}`)), json)
  })
}

async function untilDone(api: ApiClient, begun: Erasure): Promise<Erasure> {
  const progress = startProgress()
  const takeBack = whenInterrupted(() =>
    note(`\nthe erasure goes on wherever a server runs: ${PROGRAM} erasure ${begun.id} tells how it stands`),
  )
  try {
    for (let erasure = begun; ; erasure = await api.get<Erasure>(`/erasures/${begun.id}`)) {
      if (erasure.state === 'done') return erasure
      progress.show(stands(erasure))
      await sleep(POLL_MS)
    }
  } finally {
    takeBack()
    progress.end()
  }
}

function tell(erasure: Erasure, asJson: boolean | undefined): void {
  if (asJson) printJson(erasure)
  else for (const line of linesOf(erasure)) print(line)
}

function linesOf(erasure: Erasure): string[] {
  const { id, state, finishedAt, keyId, replaced } = erasure
  return [
    state === 'done' ? `erased ${finishedAt}, receipt ${id}, key ${keyId}` : stands(erasure),
    ...Object.entries(replaced).map(([table, rows]) => `${table}\t${rows}`),
  ]
}

function stands({ looked, lookingAt }: Erasure): string {
  return `under way: ${looked} rows looked at${lookingAt === null ? '' : `, now in ${lookingAt}`}`
}
