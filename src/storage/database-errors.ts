/**
 * The engine cannot be reached, or its disk fails: the request may be repeated later and must not be answered as done.
 */
export class DatabaseUnavailable extends Error {
  override readonly name: string = 'DatabaseUnavailable'
}

/** It refuses because it has no room left: it may still be read, and takes what is written again once there is room. */
export class DiskFull extends DatabaseUnavailable {
  override readonly name = 'DiskFull'
}

/** What may be told of it to whoever called; the cause is for the log. */
export function describeUnavailable(error: DatabaseUnavailable): string {
  return error instanceof DiskFull
    ? "the server's disk is full; try again once there is room"
    : 'the database is away; try again'
}

/** A unique key is already taken; the whole transaction was undone. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}
