import { describeConfig } from '../../../config/describe-config.ts'
import type { Config } from '../../../config/to-config.ts'
import { type Check, ok } from './check.ts'

/** What is in force, a line for each variable. */
export function configurationCheck(config: Config): Check {
  const lines = () => Object.entries(describeConfig(config)).map(([name, value]) => `${name}=${value}`)
  return { name: 'configuration', run: async () => ok('configuration', lines().join('\n')) }
}
