import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../test/support/free-port.ts'
import type { MailServer } from '../support/mail-server.ts'

const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` }
const run = (command: string, args: string[]) => promisify(execFile)(command, args, { env, timeout: 60_000 })

/**
 * Postfix as a relay to the sink, as an instance separate from any that the machine runs, with the defaults of its
 * release. It writes a mail to its queue, a file with fsync, before it answers 250. Rejects when Postfix is not
 * installed, or when we are not root, since only root may start it.
 */
export async function startPostfix(sinkPort: number): Promise<MailServer> {
  if (process.getuid?.() !== 0) throw new Error('only root can start it')
  await run('postconf', ['-d', 'mail_version'])
  const dir = await mkdtemp(join(tmpdir(), 'kaijo-bench-postfix-'))
  const port = await freePort()
  // Its daemons run as users of their own.
  await chmod(dir, 0o755)
  for (const folder of ['queue', 'data']) await mkdir(join(dir, folder))
  await run('chown', ['postfix', join(dir, 'data')])
  await writeFile(join(dir, 'main.cf'), mainCf(dir, sinkPort))
  await writeFile(join(dir, 'master.cf'), masterCf(port))
  const end = () => {
    try {
      process.kill(Number(readFileSync(join(dir, 'queue/pid/master.pid'), 'utf8')))
    } catch {
      // It has ended, or never started.
    }
  }
  process.once('exit', end)
  const stop = async () => {
    await run('postfix', ['-c', dir, 'stop']).catch(() => {})
    process.off('exit', end)
    await rm(dir, { recursive: true, force: true })
  }
  try {
    // Returns only once the master process listens.
    await run('postfix', ['-c', dir, 'start'])
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

function mainCf(dir: string, sinkPort: number): string {
  return `
compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
myhostname = postfix.localhost
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:${sinkPort}
disable_dns_lookups = yes
smtp_tls_security_level = none
`
}

/** As shipped, but without chroot and without services that are not needed here. */
function masterCf(port: number): string {
  return `
127.0.0.1:${port} inet n - n - - smtpd
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
`
}
