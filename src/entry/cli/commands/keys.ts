import type { Command } from 'commander'
import type { Rotation } from '../../../delivery/rotate-keys.ts'
import type { Repaired } from '../../../unsubscribe/repair-keys.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'

interface KeyId {
  id: string
  createdAt: string
}

export function addKeys(program: Command, host: CliHost): void {
  const keys = program.command('keys').description('the secret keys that seal links and stored secrets')

  addCommand(keys, 'list', 'list the ids of the keys, newest first; never the keys', [
    'keys list',
    'keys list --json',
  ]).action(async ({ json }: CommonOptions) => {
    const { items } = await withApi(host, (api) => api.get<{ items: KeyId[] }>('/operator/keys'))
    if (json) return printJson({ items })
    for (const { id, createdAt } of items) print(`${id}\t${createdAt}`)
  })

  addCommand(keys, 'rotate', 'seal with a fresh key from now on; the older ones go on opening', [
    'keys rotate',
    'keys rotate --json',
  ]).action(async ({ json }: CommonOptions) => {
    const rotation = await withApi(host, (api) => api.post<Rotation>('/operator/keys/rotate'))
    if (json) printJson(rotation)
    else tellRotation(rotation)
    if (!rotation.rotated) throw new Failure(1, 'nothing was rotated: the keys are set in KAIJO_SECRET_KEYS')
  })

  addCommand(keys, 'repair', 'carry out the requests that waited for a key which is here by now', [
    'keys repair',
    'keys repair --json',
  ]).action(async ({ json }: CommonOptions) => {
    const repaired = await withApi(host, (api) => api.post<Repaired>('/operator/keys/repair'))
    if (json) return printJson(repaired)
    print(`${repaired.replayed} recipients are excluded now, ${repaired.broken} requests were forged or cut`)
    for (const { keyId, count, since } of repaired.stillUnknown) {
      note(`${count} still wait for the key ${keyId}, since ${new Date(since).toISOString()}`)
    }
  })
}

function tellRotation(rotation: Rotation): void {
  if (rotation.rotated) {
    print(`${rotation.keyId} seals from now on; ${rotation.resealed} stored secrets are sealed with it`)
    return
  }
  for (const step of rotation.steps) note(step)
  print(rotation.secret)
}
