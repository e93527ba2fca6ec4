/** The engine cannot be reached, or its disk refuses: the request may be repeated later and must not be answered as done. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** A key that must be unique is taken; the whole transaction was undone. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}
