/** No server answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** Fetches; throws `Unreachable`, which tells a lost network from a mistake of the console's own. */
export async function reach(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await fetch(input, init)
  } catch (cause) {
    if (cause instanceof DOMException) throw cause
    throw new Unreachable('no server answered', { cause })
  }
}
