import { maskUrl } from '../kernel/mask-url.ts'
import { formatListenAddress } from './listen-address.ts'
import type { Variable } from './read-env.ts'
import type { Relay } from './relay.ts'
import type { Config } from './to-config.ts'

const MASK = '***'

/**
 * The configuration in force, as text by variable, for people to read: passwords are masked, keys are named by their
 * ids.
 */
export function describeConfig(config: Config): Record<Variable, string> {
  const { database, smtpsListen, publicListen, tls, relay, secretKeys } = config
  return {
    KAIJO_DATA_DIR: config.dataDir,
    KAIJO_DATABASE_URL: database.kind === 'postgres' ? maskUrl(database.url) : `SQLite in ${database.file}`,
    KAIJO_PUBLIC_URL: config.publicUrl.href,
    KAIJO_HTTP_LISTEN: formatListenAddress(config.httpListen),
    KAIJO_SMTP_LISTEN: formatListenAddress(config.smtpListen),
    KAIJO_SMTPS_LISTEN: smtpsListen ? formatListenAddress(smtpsListen) : 'none',
    KAIJO_INBOUND_LISTEN: `${config.inboundProtocol}://${formatListenAddress(config.inboundListen)}`,
    KAIJO_PUBLIC_LISTEN: publicListen ? formatListenAddress(publicListen) : 'none of its own',
    KAIJO_CONSOLE_URL: config.consoleUrl,
    KAIJO_OIDC_ISSUER: config.oidc?.issuer ?? 'none',
    KAIJO_OIDC_CLIENT_ID: config.oidc?.clientId ?? 'none',
    KAIJO_OIDC_CLIENT_SECRET: config.oidc ? MASK : 'none',
    KAIJO_TRUSTED_PROXIES: config.trustedProxies.join(', ') || 'none',
    KAIJO_TLS_CERT: tls?.certFile ?? 'none',
    KAIJO_TLS_KEY: tls?.keyFile ?? 'none',
    KAIJO_SMTP_MAX_SIZE: String(config.smtpMaxSize),
    KAIJO_SMTP_MAX_CONNECTIONS: String(config.smtpMaxConnections),
    KAIJO_RELAY_URL: relay ? describeRelay(relay) : 'none: mail is kept and can be read back',
    KAIJO_INBOUND_DOMAIN: config.inboundDomain ?? 'none',
    KAIJO_INBOUND_DAYS: String(config.inboundDays),
    KAIJO_AUDIT_DAYS: String(config.auditDays),
    KAIJO_SERVICES: [...config.services].join(', '),
    KAIJO_SECRET_KEYS: secretKeys ? secretKeys.map(({ id }) => id).join(', ') : 'in the data directory',
    KAIJO_LOG_LEVEL: config.logLevel,
  }
}

function describeRelay(relay: Relay): string {
  const user = relay.credentials ? `${encodeURIComponent(relay.credentials.user)}:${MASK}@` : ''
  return `${relay.secure ? 'smtps' : 'smtp'}://${user}${formatListenAddress(relay)}`
}
