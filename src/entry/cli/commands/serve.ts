import type { Command } from 'commander'
import { addCommand, type CommonOptions, note, print } from '../command.ts'
import type { CliHost, Started } from '../host.ts'
import { PROGRAM } from '../program-name.ts'

export function addServe(program: Command, host: CliHost): void {
  addCommand(program, 'serve', 'run the server until it is told to stop', [
    'serve',
    'serve --json | tee kaijo.ndjson',
  ])
    .addHelpText(
      'after',
      '\nWrites its log to stdout, one JSON object a line. Settings are KAIJO_… variables.',
    )
    .action(async ({ json }: CommonOptions) => {
      await host.serve((started) => {
        for (const warning of started.warnings) note(`warning: ${warning}`)
        if (json) process.stdout.write(`${JSON.stringify(encode(host, started))}\n`)
        else print(describe(host, started))
      })
    })
}

function encode({ version }: CliHost, { url, smtp, publicUrl, created }: Started) {
  return {
    event: 'listening',
    version,
    url: url ?? null,
    smtp: smtp?.smtp ?? null,
    smtps: smtp?.smtps ?? null,
    publicUrl,
    created: created ?? null,
  }
}

function describe({ version }: CliHost, { url, smtp, publicUrl, created }: Started): string {
  const welcome = created ? `${firstStart(created, url ?? publicUrl)}\n` : ''
  const mail = smtp ? Object.entries(smtp).map(([scheme, address]) => `${scheme}://${address}`) : []
  const listeners = [...(url ? [url] : []), ...mail].join(' and ')
  const where = listeners
    ? `listens on ${listeners}, links begin with ${publicUrl}`
    : 'works without a listener'
  return `${welcome}Kaijo ${version} ${where}`
}

function firstStart({ site, service, apiUser }: NonNullable<Started['created']>, url: string): string {
  return `This is the first start. Made for you; the key is shown now and never again:

  site      ${site}
  service   ${service.name} (id ${service.id})
  API user  ${apiUser.name}
  API key   ${apiUser.key}

Next:
  register a sender   curl ${url}/api/v1/services/${service.id}/senders \\
                        -H 'Authorization: Bearer ${apiUser.key}' \\
                        -H 'Content-Type: application/json' -d '{"address":"news@example.com"}'
  sign its mail       ${PROGRAM} dkim create example.com --selector k1
  send                echo Hello | ${PROGRAM} send --from news@example.com --subject Hello --text - --to you@example.com
  see what is left    ${PROGRAM} doctor
  work in a browser   ${PROGRAM} user add you@example.com, and open the link that it prints
  all calls           ${url}/api/v1/docs
`
}
