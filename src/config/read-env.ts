import type { Mistake } from './mistake.ts'
import { nearestName } from './nearest-name.ts'

/** Every variable that configures Kaijo, in the order in which mistakes and `kaijo doctor` name them. */
export const VARIABLES = [
  'KAIJO_DATA_DIR',
  'KAIJO_DATABASE_URL',
  'KAIJO_PUBLIC_URL',
  'KAIJO_HTTP_LISTEN',
  'KAIJO_SMTP_LISTEN',
  'KAIJO_SMTPS_LISTEN',
  'KAIJO_INBOUND_LISTEN',
  'KAIJO_PUBLIC_LISTEN',
  'KAIJO_CONSOLE_URL',
  'KAIJO_OIDC_ISSUER',
  'KAIJO_OIDC_CLIENT_ID',
  'KAIJO_OIDC_CLIENT_SECRET',
  'KAIJO_TRUSTED_PROXIES',
  'KAIJO_TLS_CERT',
  'KAIJO_TLS_KEY',
  'KAIJO_SMTP_MAX_SIZE',
  'KAIJO_SMTP_MAX_CONNECTIONS',
  'KAIJO_RELAY_URL',
  'KAIJO_INBOUND_DOMAIN',
  'KAIJO_INBOUND_DAYS',
  'KAIJO_AUDIT_DAYS',
  'KAIJO_SERVICES',
  'KAIJO_SECRET_KEYS',
  'KAIJO_LOG_LEVEL',
] as const

export type Variable = (typeof VARIABLES)[number]

/** The raw text of each variable that is set. */
export type RawEnv = { readonly [V in Variable]?: string }

/**
 * Picks Kaijo's variables out of an environment. Blanks around a value are dropped and an empty value counts as
 * unset, as `KEY=` lines of environment files mean it. A `KAIJO_` variable that does not exist is a mistake, because a
 * misspelt setting would otherwise silently keep its default; `KAIJO_TEST_` is left to test runs.
 */
export function readEnv(env: NodeJS.ProcessEnv): { raw: RawEnv; mistakes: Mistake[] } {
  const raw: { [V in Variable]?: string } = {}
  const mistakes: Mistake[] = []
  for (const name of Object.keys(env).sort()) {
    if (!name.startsWith('KAIJO_') || name.startsWith('KAIJO_TEST_')) continue
    if (isVariable(name)) {
      const text = env[name]?.trim()
      if (text) raw[name] = text
    } else {
      mistakes.push({ variable: name, message: unknownVariable(name) })
    }
  }
  return { raw, mistakes }
}

function isVariable(name: string): name is Variable {
  return (VARIABLES as readonly string[]).includes(name)
}

function unknownVariable(name: string): string {
  const meant = nearestName(name, VARIABLES)
  return meant ? `is not a setting; did you mean ${meant}?` : 'is not a setting'
}
