import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A certificate that vouches for itself, and its key; both PEM. */
export interface SelfSigned {
  cert: string
  key: string
}

// DER (X.690) tags and object identifiers of RFC 5280 and RFC 5758, content octets in hexadecimal.
const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const VERSION = 0xa0
const EXTENSIONS = 0xa3
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87
const COMMON_NAME = oid('550403')
const ECDSA_WITH_SHA256 = oid('2a8648ce3d040302')
const SUBJECT_ALT_NAME = oid('551d11')
const KEY_USAGE = oid('551d0f')
const EXTENDED_KEY_USAGE = oid('551d25')
const SERVER_AUTH = oid('2b06010505070301')
const DIGITAL_SIGNATURE = der(BIT_STRING, Buffer.from([7, 0x80]))
const LOOPBACK = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])]
/** ub-common-name of RFC 5280 appendix A.1. */
const LONGEST_COMMON_NAME = 64

/**
 * Makes a TLS server certificate (RFC 5280 §4.1) with an ECDSA key of its own on P-256, for these host names and
 * loopback. Times are UTC epoch milliseconds.
 */
export function makeSelfSigned(names: readonly string[], notBefore: number, notAfter: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(SEQUENCE, ECDSA_WITH_SHA256)
  const commonName = der(UTF8_STRING, Buffer.from((names[0] ?? '').slice(0, LONGEST_COMMON_NAME)))
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, commonName)))
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1]), randomBytes(15)),
    algorithm,
    name,
    der(SEQUENCE, time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      EXTENSIONS,
      der(
        SEQUENCE,
        extension(KEY_USAGE, DIGITAL_SIGNATURE),
        extension(EXTENDED_KEY_USAGE, der(SEQUENCE, SERVER_AUTH)),
        extension(SUBJECT_ALT_NAME, altNames(names)),
      ),
    ),
  )
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', content, privateKey))
  return {
    cert: pem(der(SEQUENCE, content, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
}

function altNames(names: readonly string[]): Buffer {
  return der(
    SEQUENCE,
    ...names.map((name) => der(DNS_NAME, Buffer.from(name, 'ascii'))),
    ...LOOPBACK.map((address) => der(IP_ADDRESS, address)),
  )
}

function extension(id: Buffer, value: Buffer): Buffer {
  return der(SEQUENCE, id, der(OCTET_STRING, value))
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().replace(/\.\d+Z$|[-:T]/g, '')}Z`
  return text < '2050' ? der(UTC_TIME, Buffer.from(text.slice(2))) : der(GENERALIZED_TIME, Buffer.from(text))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...octets]), content])
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
