import { createHmac, hkdfSync } from 'node:crypto'

/** One secret of the installation, from which every purpose derives a key of its own. `id` is public. */
export interface MasterKey {
  id: string
  bytes: Buffer
}

export interface DerivedKeys {
  id: string
  /** AES-256-SIV, 64 bytes (RFC 5297): tokens. */
  token: Buffer
  /** AES-256-GCM, 32 bytes: secrets at rest. */
  seal: Buffer
  /** HMAC-SHA-256, 32 bytes: stored API keys. */
  hash: Buffer
  /** HMAC-SHA-256, 32 bytes: the envelope senders that bounces come back to. */
  verp: Buffer
  /** 32 bytes: cookies of the console and what its sign-in encrypts. */
  console: Buffer
  /** HMAC-SHA-256, 32 bytes: the hashes that stand for people who were erased. */
  erasure: Buffer
  /** Proves to another process that it holds the same key, and tells nothing else. */
  checkValue: string
}

/**
 * The keys that this process holds, newest first. The newest seals and mints; every one opens, so old links work for
 * ever. `add` takes a key in while the process runs. Two different keys under one id are refused with a RangeError:
 * what one of them sealed could never be opened again.
 */
export class Keyring {
  readonly #keys = new Map<string, DerivedKeys>()
  #newest: DerivedKeys

  constructor(newestFirst: readonly MasterKey[]) {
    const [newest] = newestFirst.map((key) => this.#take(key))
    if (!newest) throw new RangeError('a keyring needs at least one key')
    this.#newest = newest
  }

  get newest(): DerivedKeys {
    return this.#newest
  }

  get(id: string): DerivedKeys | undefined {
    return this.#keys.get(id)
  }

  all(): DerivedKeys[] {
    return [...this.#keys.values()]
  }

  /** Takes a key in as the newest. */
  add(key: MasterKey): void {
    this.#newest = this.#take(key)
  }

  #take(key: MasterKey): DerivedKeys {
    const keys = derive(key)
    const known = this.#keys.get(key.id)
    if (known && known.checkValue !== keys.checkValue) throw new RangeError(`two keys have the id ${key.id}`)
    this.#keys.set(key.id, keys)
    return keys
  }
}

function derive({ id, bytes }: MasterKey): DerivedKeys {
  const key = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `kaijo ${purpose}`, length))
  return {
    id,
    token: key('token', 64),
    seal: key('seal', 32),
    hash: key('hash', 32),
    verp: key('verp', 32),
    erasure: key('erasure', 32),
    console: key('console', 32),
    checkValue: createHmac('sha256', key('check', 32)).update(id).digest('base64url'),
  }
}
