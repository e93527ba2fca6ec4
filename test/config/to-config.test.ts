import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { toMasterKey } from '../../src/config/master-key.ts'
import { ConfigError } from '../../src/config/mistake.ts'
import { toConfig } from '../../src/config/to-config.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/certificate.ts'
import { fc } from '../support/properties.ts'
import { tempDir } from '../support/temp-dir.ts'

const HEX_KEY = 'ab'.repeat(32)

describe('the configuration', () => {
  it('serves everything on loopback with SQLite when nothing is set', () => {
    assert.deepEqual(toConfig({ HOME: '/root' }), {
      dataDir: resolve('data'),
      database: { kind: 'sqlite', file: resolve('data/kaijo.db') },
      publicUrl: { href: 'http://localhost:8080', prefix: '' },
      httpListen: { host: '127.0.0.1', port: 8080 },
      smtpListen: { host: '127.0.0.1', port: 2525 },
      smtpMaxSize: 26_214_400,
      smtpMaxConnections: 500,
      inboundListen: { host: '127.0.0.1', port: 2526 },
      inboundProtocol: 'smtp',
      inboundDays: 30,
      auditDays: 3_650,
      consoleUrl: 'http://localhost:8080',
      trustedProxies: [],
      services: new Set(['http', 'smtp', 'inbound', 'worker']),
      logLevel: 'info',
    })
  })

  it('reads every variable', (t) => {
    const dir = tempDir(t)
    writeFileSync(join(dir, 'cert.pem'), CERTIFICATE)
    writeFileSync(join(dir, 'key.pem'), CERTIFICATE_KEY)
    const config = toConfig({
      KAIJO_DATA_DIR: join(dir, 'x/../data/'),
      KAIJO_DATABASE_URL: 'postgres://kaijo:s%40cret@db.internal/kaijo?sslmode=require',
      KAIJO_PUBLIC_URL: 'https://Mail.Example.com/stop/',
      KAIJO_HTTP_LISTEN: '0.0.0.0:80',
      KAIJO_SMTP_LISTEN: '[::]:25',
      KAIJO_SMTPS_LISTEN: '[::]:465',
      KAIJO_INBOUND_LISTEN: 'lmtp://:0',
      KAIJO_PUBLIC_LISTEN: '8443',
      KAIJO_CONSOLE_URL: 'https://console.example.com/',
      KAIJO_OIDC_ISSUER: 'https://id.example.com/realm',
      KAIJO_OIDC_CLIENT_ID: 'kaijo',
      KAIJO_OIDC_CLIENT_SECRET: 'sso-secret',
      KAIJO_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::1',
      KAIJO_TLS_CERT: join(dir, 'cert.pem'),
      KAIJO_TLS_KEY: join(dir, 'key.pem'),
      KAIJO_SMTP_MAX_SIZE: '1000000',
      KAIJO_SMTP_MAX_CONNECTIONS: '20',
      KAIJO_RELAY_URL: 'smtps://user%40acme:p%2Fw@relay.example.com',
      KAIJO_INBOUND_DOMAIN: 'IN.example.com',
      KAIJO_INBOUND_DAYS: '90',
      KAIJO_AUDIT_DAYS: '400',
      KAIJO_SERVICES: 'http, worker',
      KAIJO_SECRET_KEYS: HEX_KEY,
      KAIJO_LOG_LEVEL: 'DEBUG',
    })
    const { secretKeys, ...rest } = config
    assert.deepEqual(rest, {
      dataDir: join(dir, 'data'),
      database: {
        kind: 'postgres',
        url: 'postgres://kaijo:s%40cret@db.internal/kaijo?sslmode=require',
      },
      publicUrl: { href: 'https://mail.example.com/stop', prefix: '/stop' },
      httpListen: { host: '0.0.0.0', port: 80 },
      smtpListen: { host: '::', port: 25 },
      smtpsListen: { host: '::', port: 465 },
      smtpMaxSize: 1_000_000,
      smtpMaxConnections: 20,
      inboundListen: { host: '127.0.0.1', port: 0 },
      inboundProtocol: 'lmtp',
      inboundDays: 90,
      auditDays: 400,
      publicListen: { host: '127.0.0.1', port: 8443 },
      consoleUrl: 'https://console.example.com',
      oidc: { issuer: 'https://id.example.com/realm', clientId: 'kaijo', clientSecret: 'sso-secret' },
      trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::1'],
      tls: { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') },
      relay: {
        host: 'relay.example.com',
        port: 465,
        secure: true,
        credentials: { user: 'user@acme', pass: 'p/w' },
      },
      inboundDomain: 'in.example.com',
      services: new Set(['http', 'worker']),
      logLevel: 'debug',
    })
    assert.equal(secretKeys?.length, 1)
    assert.equal(secretKeys[0]?.bytes.toString('hex'), HEX_KEY)
  })

  it('reports every mistake at once, one line each, in the order of the settings', (t) => {
    const dir = tempDir(t)
    mkdirSync(join(dir, 'a-directory'))
    const error = refusal({
      KAIJO_PUBLIK_URL: 'https://example.com',
      KAIJO_LOG_LEVEL: 'loud',
      KAIJO_SECRET_KEYS: `${HEX_KEY},short,${HEX_KEY},`,
      KAIJO_SERVICES: 'http,smpt,wroker',
      KAIJO_INBOUND_DOMAIN: 'in_box.example',
      KAIJO_RELAY_URL: 'http://relay.example.com',
      KAIJO_TLS_CERT: join(dir, 'a-directory'),
      KAIJO_TRUSTED_PROXIES: '10,loopback,10.0.0.0/33',
      KAIJO_INBOUND_LISTEN: '127.0.0.1:2525',
      KAIJO_HTTP_LISTEN: 'localhost',
      KAIJO_PUBLIC_URL: 'http://me@unsubscribe.example.com//stop?',
      KAIJO_DATABASE_URL: 'mysql://db/kaijo',
      KAIJO_DATA_DIR: '/dev/null/x',
    })
    assert.equal(
      error.message,
      [
        'KAIJO_DATA_DIR: is not a directory that can be made or used (ENOTDIR)',
        'KAIJO_DATABASE_URL: does not begin with postgres://',
        'KAIJO_PUBLIC_URL: must begin with https:// (http:// is for localhost only)',
        'KAIJO_PUBLIC_URL: must not hold a user name or a password',
        'KAIJO_PUBLIC_URL: must not hold a query or a fragment',
        'KAIJO_PUBLIC_URL: has an empty segment in its path',
        'KAIJO_HTTP_LISTEN: is not host:port, e.g. 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080',
        'KAIJO_INBOUND_LISTEN: is the address of KAIJO_SMTP_LISTEN too; give each listener its own',
        'KAIJO_TRUSTED_PROXIES: item 1 is not an IP address, a CIDR range or one of loopback, linklocal, uniquelocal',
        'KAIJO_TRUSTED_PROXIES: item 3 is not an IP address, a CIDR range or one of loopback, linklocal, uniquelocal',
        'KAIJO_TLS_CERT: is not a file that can be read',
        'KAIJO_TLS_KEY: is needed beside KAIJO_TLS_CERT',
        'KAIJO_RELAY_URL: does not begin with smtp:// or smtps://',
        'KAIJO_INBOUND_DOMAIN: is not a domain name (an international one is written as xn--…)',
        'KAIJO_SERVICES: item 2 is not one of http, smtp, inbound, worker',
        'KAIJO_SERVICES: item 3 is not one of http, smtp, inbound, worker',
        'KAIJO_SECRET_KEYS: key 2 is not 32 bytes as 64 hex digits or 43 to 44 of base64',
        `KAIJO_SECRET_KEYS: key 3 has the id ${toMasterKey(Buffer.from(HEX_KEY, 'hex')).id} of key 1; drop one of them`,
        'KAIJO_SECRET_KEYS: key 4 is not 32 bytes as 64 hex digits or 43 to 44 of base64',
        'KAIJO_LOG_LEVEL: is not one of fatal, error, warn, info, debug, trace, silent',
        'KAIJO_PUBLIK_URL: is not a setting; did you mean KAIJO_PUBLIC_URL?',
      ].join('\n'),
    )
    assert.equal(error.mistakes.length, 21)
  })

  it('tells of a broken key file together with all other mistakes, unless the keys are in the environment', (t) => {
    const KAIJO_DATA_DIR = tempDir(t)
    const file = join(KAIJO_DATA_DIR, 'secret-keys.json')
    const key = { created: '2026-01-02T03:04:05Z', key: 'short' }
    writeFileSync(file, JSON.stringify({ keys: [key, key] }))
    assert.deepEqual(refusal({ KAIJO_DATA_DIR, KAIJO_LOG_LEVEL: 'loud' }).message.split('\n'), [
      `KAIJO_DATA_DIR: ${file}: key 1 is not 32 bytes as 64 hex digits or 43 to 44 of base64`,
      `KAIJO_DATA_DIR: ${file}: key 2 is not 32 bytes as 64 hex digits or 43 to 44 of base64`,
      'KAIJO_LOG_LEVEL: is not one of fatal, error, warn, info, debug, trace, silent',
    ])
    assert.equal(toConfig({ KAIJO_DATA_DIR, KAIJO_SECRET_KEYS: HEX_KEY }).dataDir, KAIJO_DATA_DIR)
  })

  it('holds no refused listener against another one', () => {
    const { mistakes } = refusal({ KAIJO_HTTP_LISTEN: 'everywhere', KAIJO_SMTP_LISTEN: ':8080' })
    assert.deepEqual(
      mistakes.map(({ variable }) => variable),
      ['KAIJO_HTTP_LISTEN'],
    )
  })

  it('asks for a certificate beside a key', (t) => {
    const file = join(tempDir(t), 'key.pem')
    writeFileSync(file, CERTIFICATE_KEY)
    assert.deepEqual(refusal({ KAIJO_TLS_KEY: file }).mistakes, [
      { variable: 'KAIJO_TLS_CERT', message: 'is needed beside KAIJO_TLS_KEY' },
    ])
  })

  it('refuses TLS files that are no PEM or do not belong together, by their settings', (t) => {
    const dir = tempDir(t)
    const [KAIJO_TLS_CERT, KAIJO_TLS_KEY] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    for (const [cert, key, message] of [
      ['x', CERTIFICATE_KEY, 'KAIJO_TLS_CERT: is not a certificate in PEM'],
      [CERTIFICATE, 'x', 'KAIJO_TLS_KEY: is not a private key in PEM without a passphrase'],
      [
        CERTIFICATE,
        other.export({ type: 'pkcs8', format: 'pem' }),
        'KAIJO_TLS_KEY: is not the key of KAIJO_TLS_CERT',
      ],
    ] as const) {
      writeFileSync(KAIJO_TLS_CERT, cert)
      writeFileSync(KAIJO_TLS_KEY, key)
      assert.equal(refusal({ KAIJO_TLS_CERT, KAIJO_TLS_KEY }).message, message)
    }
  })

  it('never repeats a value in a mistake, wherever a secret was put', () => {
    const variables = [
      'DATABASE_URL',
      'PUBLIC_URL',
      'RELAY_URL',
      'HTTP_LISTEN',
      'TRUSTED_PROXIES',
      'SECRET_KEYS',
    ]
    const shapes = [
      (s: string) => s,
      (s: string) => `x://user:${s}@host:99999/#`,
      (s: string) => `https://u:${s}@host`,
    ]
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/)
    fc.assert(
      fc.property(
        fc.constantFrom(...variables),
        fc.constantFrom(...shapes),
        secret,
        (variable, shape, text) => {
          assert.ok(!refusal({ [`KAIJO_${variable}`]: shape(text) }).message.includes(text))
        },
      ),
    )
  })

  it('cannot be changed once read', () => {
    const config = toConfig({}) as { logLevel: string }
    assert.throws(() => {
      config.logLevel = 'trace'
    }, TypeError)
  })
})

function refusal(env: NodeJS.ProcessEnv): ConfigError {
  try {
    toConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error
  }
  return assert.fail('was not refused')
}
