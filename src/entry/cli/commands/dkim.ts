import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { print, printJson } from '../command.ts'
import { type DkimKey, describeState } from '../dkim/describe-key.ts'
import { addKeyCommand, domainOf, type KeyOptions, optionalDomain } from '../dkim/key-command.ts'
import { addNewKeys } from '../dkim/new-keys.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'

interface ChangeOptions extends KeyOptions {
  selector: string
  force?: true
}

interface Checked extends DkimKey {
  dns: string
  detail: string
  ok: boolean
  activated: boolean
}

export function addDkim(program: Command, host: CliHost): void {
  const dkim = program.command('dkim').description('keys that sign mail')
  addNewKeys(dkim, host)

  addKeyCommand(dkim, 'list', 'list the signing keys: DNS name, algorithm, state, record', [
    'dkim list',
    'dkim list example.com --json',
  ]).action(async (argument: string | undefined, options: KeyOptions) => {
    const domain = optionalDomain(argument, options)
    const { items } = await withApi(host, (api) =>
      api.get<{ items: DkimKey[] }>('/operator/dkim', { domain }),
    )
    if (options.json) return printJson({ items })
    for (const key of items) print([key.dnsName, key.algorithm, describeState(key), key.record].join('\t'))
  })

  addKeyCommand(
    dkim,
    'check',
    'compare DNS with the keys; those that waited for their record begin to sign',
    ['dkim check', 'dkim check example.com --json'],
  )
    .addHelpText('after', '\nExit code 1 says that a key is not found in DNS as mail needs it.')
    .action(async (argument: string | undefined, options: KeyOptions) => {
      const domain = optionalDomain(argument, options)
      const { items } = await withApi(host, (api) =>
        api.post<{ items: Checked[] }>('/operator/dkim/check', { domain }),
      )
      if (options.json) printJson({ items })
      else for (const key of items) print(describeCheck(key))
      const wrong = items.filter(({ ok }) => !ok).length
      if (wrong > 0) throw new Failure(1, `${wrong} of ${items.length} keys are not as they should be in DNS`)
      if (items.length === 0) throw new Failure(1, `there is no key${domain ? ` of ${domain}` : ''}`)
    })

  const addChange = (name: 'activate' | 'retire' | 'remove', description: string, force?: string) => {
    const command = addKeyCommand(dkim, name, description, [
      `dkim ${name} example.com --selector k1`,
      `dkim ${name} example.com --selector k1 ${force === undefined ? '--json' : '--force'}`,
    ]).requiredOption('--selector <name>', 'which of the keys of the domain')
    if (force !== undefined) command.option('--force', force)
    command.action(async (argument: string | undefined, { json, ...options }: ChangeOptions) => {
      const request = { ...options, domain: domainOf(argument, options) }
      const key = await withApi(host, (api) => api.post<DkimKey>(`/operator/dkim/${name}`, request))
      if (json) printJson(key)
      else print(name === 'remove' ? `${key.dnsName} removed` : `${key.dnsName} ${describeState(key)}`)
    })
  }
  addChange(
    'activate',
    'let a key sign from now on, when DNS has its record',
    'though DNS does not have its record',
  )
  addChange('retire', 'let a key sign no more')
  addChange(
    'remove',
    'forget a key that has not signed for 7 days',
    'though mail that it signed is under way',
  )
}

function describeCheck({ dnsName, dns, detail, activated, ...key }: Checked): string {
  const state = activated ? 'signs from now on' : describeState({ dnsName, ...key })
  return [dnsName, dns, detail, state].join('\t')
}
