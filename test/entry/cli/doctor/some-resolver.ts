import type { TxtResolver } from '../../../../src/entry/cli/doctor/txt-records.ts'

/** DNS that has these records, and answers with an error code where one stands instead; nothing anywhere else. */
export function someResolver(records: Record<string, string[][] | string>): TxtResolver {
  return {
    resolveTxt: async (name) => {
      const found = records[name] ?? 'ENOTFOUND'
      if (typeof found === 'string')
        throw Object.assign(new Error(`queryTxt ${found} ${name}`), { code: found })
      return found
    },
  }
}

/** DNS that never answers. */
export const SILENT: TxtResolver = { resolveTxt: () => new Promise(() => {}) }
