import { type Command, Option } from 'commander'
import { withApi } from '../api-client.ts'
import { note, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { readText } from '../input.ts'
import { PROGRAM } from '../program-name.ts'
import { serviceId } from '../services.ts'
import { type DkimKey, printRecord } from './describe-key.ts'
import { addKeyCommand, domainOf, type KeyOptions } from './key-command.ts'

interface NewKeyOptions extends KeyOptions {
  selector: string
  algorithm?: string
  service?: string
}

/** `create`, `import` and `rotate`: what brings new keys, and prints the DNS records that they need. */
export function addNewKeys(dkim: Command, host: CliHost): void {
  addKeyCommand(dkim, 'create', 'make a signing key and print the DNS record that it needs', [
    'dkim create example.com --selector k1',
    'dkim create example.com --selector k2 --algorithm both --json',
  ])
    .addHelpText('after', AT_ONCE)
    .requiredOption('--selector <name>', 'tells the keys of a domain apart')
    .addOption(
      algorithmOption('RSA is verified everywhere; both adds -rsa and -ed25519 to the selector').default(
        'rsa-sha256',
      ),
    )
    .option('--service <id or name>', 'signs the mail of this service alone')
    .action(async (argument: string | undefined, { algorithm, ...options }: NewKeyOptions) => {
      const key = await post<DkimKey | { items: DkimKey[] }>(host, '/operator/dkim', argument, options, {
        algorithm,
      })
      if (options.json) return printJson(key)
      tellNew('items' in key ? key.items : [key])
    })

  addKeyCommand(dkim, 'import', 'take in a private key that was made elsewhere', [
    'dkim import example.com --selector k1 --key-file example.com.pem',
    'dkim import example.com --selector k1 --key-file - < example.com.pem',
  ])
    .addHelpText('after', AT_ONCE)
    .requiredOption('--selector <name>', 'under which its DNS record stands')
    .requiredOption('--key-file <file>', 'PEM of RSA (PKCS#8, PKCS#1) or Ed25519 (PKCS#8); - is stdin')
    .option('--service <id or name>', 'signs the mail of this service alone')
    .action(async (argument: string | undefined, options: NewKeyOptions & { keyFile: string }) => {
      const privateKey = await readText(options.keyFile)
      const key = await post<DkimKey>(host, '/operator/dkim/import', argument, options, { privateKey })
      if (options.json) return printJson(key)
      tellNew([key])
    })

  addKeyCommand(dkim, 'rotate', 'make the key that takes over from the one that signs', [
    'dkim rotate example.com --selector k2',
    'dkim rotate example.com --selector k2 --algorithm rsa-sha256 --at 2026-11-01T09:00:00+09:00',
  ])
    .addHelpText('after', OVERLAP)
    .requiredOption('--selector <name>', 'a new name, beside that of the key that signs')
    .addOption(algorithmOption('not needed where keys of one alone sign'))
    .option('--service <id or name>', 'rotates the key of this service alone')
    .option('--at <time>', 'takes over then, whatever DNS has; ISO 8601 with an offset')
    .action(async (argument: string | undefined, options: NewKeyOptions & { at?: string }) => {
      const { algorithm, at, json } = options
      const more = { algorithm, at }
      const rotated = await post<{ items: DkimKey[] }>(host, '/operator/dkim/rotate', argument, options, more)
      if (json) return printJson(rotated)
      tellNew(rotated.items)
    })
}

const AT_ONCE = `
It signs at once where no other key signs for the domain. Otherwise it waits, until \`dkim check\` or \`dkim activate\`
finds its record in DNS.`

const OVERLAP = `
The new key takes over at the given time, or else as soon as \`dkim check\` or \`dkim activate\` finds its record in DNS.
Leave the record of the old key there for 7 days more: mail that it signed is under way. \`dkim list\` tells when.`

function algorithmOption(description: string): Option {
  return new Option('--algorithm <algorithm>', description).choices(['rsa-sha256', 'ed25519-sha256', 'both'])
}

/** What every new key is asked for by; the domain is looked at before anything is reached. */
async function post<T>(
  host: CliHost,
  path: string,
  argument: string | undefined,
  options: NewKeyOptions,
  more: object,
): Promise<T> {
  const { selector, service } = options
  const request = { domain: domainOf(argument, options), selector, ...more }
  return withApi(host, async (api) => {
    const own = service === undefined ? {} : { serviceId: await serviceId(api, service) }
    return api.post<T>(path, { ...request, ...own })
  })
}

function tellNew(keys: readonly DkimKey[]): void {
  for (const key of keys) {
    printRecord(key)
    if (key.state === 'waiting') {
      note(`${key.selector} signs as soon as \`${PROGRAM} dkim check ${key.domain}\` finds this record`)
    }
    if (key.bits !== null && key.bits < 2048) {
      note(`warning: RSA of ${key.bits} bits; signers should use 2048 (RFC 8301). Rotate it soon`)
    }
  }
}
