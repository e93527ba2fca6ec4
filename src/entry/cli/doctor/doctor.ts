import type { MxRecord } from 'node:dns'
import type { Config } from '../../../config/to-config.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Relay } from '../../../delivery/relay/relay.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { maskText } from '../../../kernel/log.ts'
import type { Database } from '../../../storage/database.ts'
import type { UnverifiedStore } from '../../../unsubscribe/unverified-request.ts'
import { type Check, type Finding, failed, within } from './check.ts'
import { clockCheck } from './clock.ts'
import { configurationCheck } from './configuration.ts'
import { dataDirectoryCheck } from './data-directory.ts'
import { databaseCheck } from './database.ts'
import { dkimCheck } from './dkim.ts'
import { dmarcCheck } from './dmarc.ts'
import { inboundCheck } from './inbound.ts'
import { journalCheck } from './journal.ts'
import { keysCheck } from './keys.ts'
import { publicCertificateCheck } from './public-certificate.ts'
import { publicUrlCheck } from './public-url.ts'
import { relayCheck } from './relay.ts'
import { spfCheck } from './spf.ts'
import { tlsFilesCheck } from './tls-files.ts'
import type { TxtResolver } from './txt-records.ts'

export interface DoctorParts {
  config: Config
  clock: Clock
  fetch: typeof fetch
  resolver: TxtResolver
  resolveMx(name: string): Promise<MxRecord[]>
  /** The opened installation, or the error that kept it from being opened. */
  installation: InstallationParts | Error
}

export interface InstallationParts {
  database: Database
  keyring: Keyring
  relay: Relay | undefined
  dkim: Pick<DkimStore, 'list'>
  unverified: Pick<UnverifiedStore, 'waiting'>
  journal: { readonly pending: boolean }
  /** The addresses of all senders. */
  senders(): Promise<readonly string[]>
}

export interface Diagnosis {
  checks: Finding[]
  /** False when anything has failed; warnings leave it true. */
  healthy: boolean
}

const LONGEST_CHECK_MS = 15_000

/**
 * Checks everything that an installation needs, all at once, and changes nothing. Works without a network: what cannot
 * be seen from here becomes a warning that says so. Never rejects. No detail holds a secret or a whole address.
 */
export async function examine(parts: DoctorParts): Promise<Diagnosis> {
  const checks = (await Promise.all(checksOf(parts).map(runCheck))).flat()
  return { checks, healthy: checks.every(({ status }) => status !== 'failed') }
}

function checksOf(parts: DoctorParts): Check[] {
  const { config, installation } = parts
  return [
    configurationCheck(config),
    dataDirectoryCheck(config),
    ...(config.tls ? [tlsFilesCheck(config.tls, parts)] : []),
    ...(installation instanceof Error
      ? [openingCheck(installation)]
      : installationChecks(parts, installation)),
    ...(config.inboundDomain ? [inboundCheck(config, config.inboundDomain, parts.resolveMx)] : []),
    publicUrlCheck(config, parts),
    ...(config.publicUrl.href.startsWith('https:') ? [publicCertificateCheck(config, parts)] : []),
  ]
}

function installationChecks(parts: DoctorParts, installation: InstallationParts): Check[] {
  return [
    keysCheck(installation),
    databaseCheck(installation),
    clockCheck({ ...installation, ...parts }),
    journalCheck({ ...installation, dataDir: parts.config.dataDir }),
    relayCheck(installation),
    spfCheck({ ...installation, ...parts }),
    dkimCheck({ ...installation, ...parts }),
    dmarcCheck({ ...installation, ...parts }),
  ]
}

function openingCheck(error: Error): Check {
  const advice = 'Kaijo cannot start until this is mended; the database, the keys and DNS were not examined.'
  return { name: 'installation', run: async () => failed('installation', maskText(error.message), advice) }
}

async function runCheck({ name, run }: Check): Promise<Finding[]> {
  try {
    return [await within(LONGEST_CHECK_MS, run())].flat()
  } catch (error) {
    const advice = 'See the log of the server for more.'
    return [failed(name, maskText((error as Error).message), advice)]
  }
}
