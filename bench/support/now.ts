/** Milliseconds of a clock that all processes of this machine share and that nobody can set. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
