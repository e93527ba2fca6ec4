import type { Repaired } from '../../../unsubscribe/repair-keys.ts'
import type { KeptUnverified, UnverifiedFilter } from '../../../unsubscribe/unverified-request.ts'
import type { Page, PageRequest } from '../pages.ts'

/** A request whose key this process lacks; whose list it names is known, who asked is not. */
type NamedUnverified = Omit<KeptUnverified, 'listId'> & { list: string; service: string }

interface UnverifiedKey {
  keyId: string
  count: number
  /** When the oldest came. */
  since: number
  /** By now it is here: the requests can be carried out. */
  isHere: boolean
}

/** One-click requests that wait for a secret key. */
export interface UnverifiedParts {
  keys(): Promise<UnverifiedKey[]>
  find(filter: UnverifiedFilter, page: PageRequest): Promise<Page<NamedUnverified>>
  /** Carries out those whose key is here by now. */
  retry(actor: string): Promise<Repaired>
  /** Gives up those that wait for a key; answers how many they were. */
  discard(keyId: string, actor: string): Promise<number>
}
