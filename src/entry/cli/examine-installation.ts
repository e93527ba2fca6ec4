import { resolveMx, resolveTxt } from 'node:dns/promises'
import type { Config } from '../../config/to-config.ts'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { findSenders } from '../../tenants/sender.ts'
import { findServices } from '../../tenants/service.ts'
import type { AcceptParts } from '../../unsubscribe/accept-request.ts'
import type { Finding } from './doctor/check.ts'
import { examineDmarc } from './doctor/dmarc.ts'
import { type Diagnosis, examine, type InstallationParts } from './doctor/doctor.ts'
import { publicUrlCheck } from './doctor/public-url.ts'
import { examineSpf } from './doctor/spf.ts'
import { type TxtRecords, txtRecords } from './doctor/txt-records.ts'

export interface ExaminedCapabilities extends Pick<InstallationParts, 'keyring' | 'relay' | 'dkim'> {
  config: Config
  clock: Clock
  database: Database
  publicParts: Pick<AcceptParts, 'unverified' | 'journal'>
}

/** Runs the doctor on an installation that is open. */
export function examineInstallation(capabilities: ExaminedCapabilities): Promise<Diagnosis> {
  const { config, clock, database, publicParts } = capabilities
  const senders = async () => {
    const services = await findServices(database)
    const found = await Promise.all(services.map(({ id }) => findSenders(database, id)))
    return found.flat().map(({ address }) => address)
  }
  const installation = { ...capabilities, ...publicParts, senders }
  return examine({ config, clock, fetch, resolver: { resolveTxt }, resolveMx, installation })
}

/** Runs the doctor where the installation cannot be opened, on what can be seen without it. */
export function examineWithout(config: Config, reason: Error): Promise<Diagnosis> {
  return examine({
    config,
    clock: systemClock,
    fetch,
    resolver: { resolveTxt },
    resolveMx,
    installation: reason,
  })
}

/** What DNS has under a name, as the doctor asks for it. Never rejects. */
export function lookUpTxt(name: string): Promise<TxtRecords> {
  return txtRecords({ resolveTxt }, name)
}

/**
 * The doctor's findings on one sender's domain, apart from its DKIM keys, and on where its links lead. Never rejects.
 */
export async function examineDomain(config: Pick<Config, 'publicUrl'>, domain: string): Promise<Finding[]> {
  const resolver = { resolveTxt }
  const findings = await Promise.all([
    examineSpf(resolver, domain),
    examineDmarc(resolver, domain),
    publicUrlCheck(config, { fetch }).run(),
  ])
  return findings.flat()
}
