import fc from 'fast-check'

/*
 * A test run means the same each time: properties are tried with the same values, until `KAIJO_TEST_EXPLORE` asks for others.
 * `KAIJO_TEST_EXPLORE=20` tries other values on each run, twenty times as many.
 */

const SEED = 8058
const USUAL_RUNS = 100

const explored = Number(process.env['KAIJO_TEST_EXPLORE'] ?? 0)
if (!(explored >= 0))
  throw new Error('KAIJO_TEST_EXPLORE is the number by which the usual runs are multiplied')

/** As many runs as a property is worth in an ordinary test run. */
export function runs(usual: number): number {
  return Math.ceil(usual * (explored || 1))
}

fc.configureGlobal({ ...(explored === 0 && { seed: SEED }), numRuns: runs(USUAL_RUNS) })

export { fc }
