import type { Command } from 'commander'
import { addCommand, type CommonOptions } from '../command.ts'
import { mistake } from '../failure.ts'

export interface KeyOptions extends CommonOptions {
  domain?: string
}

/** A command about the keys of a domain, which is its argument, or an option. */
export function addKeyCommand(
  dkim: Command,
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return addCommand(dkim, `${name} [domain]`, description, examples).option(
    '--domain <domain>',
    'what stands behind the @ of From; the same as the argument',
  )
}

/** Throws a Failure when no domain is named, or two. */
export function domainOf(argument: string | undefined, options: KeyOptions): string {
  const domain = optionalDomain(argument, options)
  if (domain === undefined) throw mistake('name the domain, e.g. example.com')
  return domain
}

export function optionalDomain(argument: string | undefined, { domain }: KeyOptions): string | undefined {
  if (argument !== undefined && domain !== undefined) throw mistake('name the domain once')
  return argument ?? domain
}
