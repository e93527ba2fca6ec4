import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { keepOwnCertificate } from '../../../src/entry/smtp/own-certificate.ts'
import { makeSelfSigned } from '../../../src/entry/smtp/self-signed.ts'
import { watchCertificate } from '../../../src/entry/smtp/watched-certificate.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { install } from '../../support/installation.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('a certificate of our own making', () => {
  it('is one that TLS takes, for its names and loopback alone', async (t) => {
    const made = makeSelfSigned(['mx.example.com', 'localhost'], Date.now() - DAY_MS, Date.now() + DAY_MS)
    const certificate = new X509Certificate(made.cert)
    assert.ok(certificate.verify(certificate.publicKey))
    assert.equal(certificate.subject, 'CN=mx.example.com')
    assert.equal(certificate.issuer, certificate.subject)
    assert.ok(certificate.checkHost('mx.example.com') && certificate.checkIP('::1'))
    assert.equal(certificate.checkHost('other.example.com'), undefined)
    assert.equal(certificate.ca, false)
    const server = createServer(made).listen(0, '127.0.0.1')
    t.after(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const socket = connect({ port, host: '127.0.0.1', ca: made.cert })
    await once(socket, 'secureConnect')
    assert.ok(socket.authorized)
    socket.destroy()
  })

  it('bears its time to the second, beyond 2049 too', () => {
    const [from, until] = [Date.UTC(2049, 11, 31, 23, 59, 59), Date.UTC(2050, 0, 1, 0, 0, 1)]
    const certificate = new X509Certificate(makeSelfSigned(['a.example'], from, until).cert)
    assert.equal(certificate.validFromDate.getTime(), from)
    assert.equal(certificate.validToDate.getTime(), until)
  })

  it('is kept until it is about to run out, then made anew', async (t) => {
    const dir = tempDir(t)
    const now = Date.UTC(2026, 9, 1)
    const { certFile, keyFile } = await keepOwnCertificate(dir, now)
    assert.equal(certFile, keyFile)
    const first = readFileSync(certFile, 'utf8')
    await keepOwnCertificate(dir, now + 790 * DAY_MS)
    assert.equal(readFileSync(certFile, 'utf8'), first)
    await keepOwnCertificate(dir, now + 800 * DAY_MS)
    const second = new X509Certificate(readFileSync(certFile))
    assert.equal(second.validToDate.getTime(), now + 1_625 * DAY_MS)
    watchCertificate({ certFile, keyFile }, () => assert.fail())
  })
})

describe('a watched certificate', () => {
  const pair = (name: string) => makeSelfSigned([name], Date.now() - DAY_MS, Date.now() + DAY_MS)
  const put = (dir: string, file: string, content: string) => {
    writeFileSync(join(dir, 'new'), content)
    renameSync(join(dir, 'new'), join(dir, file))
  }

  it('is read again when it was replaced, and stays in use while the files do not fit', (t) => {
    const dir = tempDir(t)
    const [first, second] = [pair('first.example'), pair('second.example')]
    put(dir, 'cert', first.cert)
    put(dir, 'key', first.key)
    const errors: unknown[] = []
    const files = { certFile: join(dir, 'cert'), keyFile: join(dir, 'key') }
    const watched = watchCertificate(files, (error) => errors.push(error))
    assert.equal(watched.readIfChanged(), undefined)
    put(dir, 'cert', second.cert)
    assert.equal(watched.readIfChanged(), undefined)
    assert.equal(watched.readIfChanged(), undefined)
    assert.equal(errors.length, 1)
    assert.equal(watched.read().cert.toString(), first.cert)
    put(dir, 'key', second.key)
    assert.equal(watched.readIfChanged()?.cert.toString(), second.cert)
    rmSync(join(dir, 'cert'))
    assert.equal(watched.readIfChanged(), undefined)
    assert.equal(watched.read().cert.toString(), second.cert)
  })

  it('is what new clients get, without a restart', async (t) => {
    const dir = tempDir(t)
    const [first, second] = [pair('first.example'), pair('second.example')]
    put(dir, 'cert', first.cert)
    put(dir, 'key', first.key)
    const { smtps } = await install(t, 'sqlite', {
      serves: 'smtp',
      env: {
        KAIJO_SMTPS_LISTEN: '127.0.0.1:0',
        KAIJO_TLS_CERT: join(dir, 'cert'),
        KAIJO_TLS_KEY: join(dir, 'key'),
      },
    })
    const shown = async () => {
      const socket: TLSSocket = connect({
        port: Number(smtps.split(':')[1]),
        host: '127.0.0.1',
        rejectUnauthorized: false,
      })
      await once(socket, 'secureConnect')
      const { subject } = socket.getPeerCertificate()
      socket.destroy()
      return subject.CN
    }
    assert.equal(await shown(), 'first.example')
    put(dir, 'cert', second.cert)
    assert.equal(await shown(), 'first.example')
    put(dir, 'key', second.key)
    assert.equal(await shown(), 'second.example')
  })
})
