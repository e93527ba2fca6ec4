import { isDeepStrictEqual } from 'node:util'
import type { Service, ServiceChange } from './service.ts'

/** Settings whose members are changed one by one; all others are replaced as a whole. */
const GROUPS: ReadonlySet<string> = new Set([
  'lifetimeDays',
  'settings',
  'page',
] satisfies (keyof ServiceChange)[])

/** The values that a change of a service replaced, in the form of the change; unchanged values are left out. */
export function replacedValues(before: Service, after: Service): Record<string, unknown> {
  return difference(before, after, (name) => GROUPS.has(name))
}

function difference(
  before: object,
  after: object,
  isGroup: (name: string) => boolean,
): Record<string, unknown> {
  const now = new Map(Object.entries(after))
  const replaced = Object.entries(before).filter(([name, value]) => !isDeepStrictEqual(value, now.get(name)))
  return Object.fromEntries(
    replaced.map(([name, value]) => [name, isGroup(name) ? difference(value, now.get(name), none) : value]),
  )
}

const none = () => false
