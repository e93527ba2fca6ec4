import { type Command, Option } from 'commander'
import type { DkimAlgorithm } from '../../../mail/dkim-keys.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'

interface Options extends CommonOptions {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
}

interface DkimKey extends Omit<Options, 'json'> {
  createdAt: string
  dnsName: string
  record: string
  /** The record as the strings of at most 255 octets that name servers take. */
  strings: string[]
}

export function addDkim(program: Command, host: CliHost): void {
  const dkim = program.command('dkim').description('keys that sign mail')

  addCommand(dkim, 'create', 'make a signing key and print the DNS record that it needs', [
    'dkim create --domain example.com --selector k1',
    'dkim create --domain example.com --selector k2 --algorithm ed25519-sha256 --json',
  ])
    .requiredOption('--domain <domain>', 'what stands behind the @ of From')
    .requiredOption('--selector <name>', 'tells the keys of a domain apart')
    .addOption(
      new Option('--algorithm <algorithm>', 'RSA is verified everywhere')
        .choices(['rsa-sha256', 'ed25519-sha256'])
        .default('rsa-sha256'),
    )
    .action(async ({ json, ...request }: Options) => {
      const key = await withApi(host, (api) => api.post<DkimKey>('/operator/dkim', request))
      if (json) return printJson(key)
      print(`${key.dnsName}. TXT\n\n  ${key.record}\n`)
      print(`In a zone file:\n\n${zoneLine(key)}`)
    })

  addCommand(dkim, 'list', 'list the signing keys', ['dkim list', 'dkim list --domain example.com --json'])
    .option('--domain <domain>', 'those of one domain alone')
    .action(async ({ json, domain }: { json?: true; domain?: string }) => {
      const { items } = await withApi(host, (api) =>
        api.get<{ items: DkimKey[] }>('/operator/dkim', { domain }),
      )
      if (json) return printJson({ items })
      for (const key of items) print(`${key.dnsName}\t${key.algorithm}\t${key.createdAt}`)
    })
}

function zoneLine({ dnsName, strings }: DkimKey): string {
  return `${dnsName}. IN TXT ( ${strings.map((part) => `"${part}"`).join('\n  ')} )`
}
