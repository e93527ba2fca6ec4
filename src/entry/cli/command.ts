import type { Command } from 'commander'
import { mistake } from './failure.ts'

/** What every command takes. */
export interface CommonOptions {
  json?: true
}

/**
 * Adds a command in the house's form: with `--json`, and examples below its help. Examples are given without `kaijo`.
 */
export function addCommand(
  parent: Command,
  nameAndArguments: string,
  description: string,
  examples: readonly string[],
): Command {
  const lines = examples.map((example) => `  $ kaijo ${example}`)
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'write the result to stdout as JSON')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

/** Gathers an option that may be given several times. */
export function gather(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** Headers of a mail by name; one that occurs several times has an array of its values. */
export type GivenHeaders = Record<string, string | string[]>

/** Gathers `Name: value` options into headers. */
export function gatherHeader(text: string, before: GivenHeaders = {}): GivenHeaders {
  const [, name, value] = /^([!-9;-~]+):\s*(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw mistake(`--header: ${text} is not "Name: value"`)
  const known = Object.hasOwn(before, name) ? before[name] : undefined
  return { ...before, [name]: known === undefined ? value : [known, value].flat() }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Writes a line for people, on stderr: never mixed with the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}
