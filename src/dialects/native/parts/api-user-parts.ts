import type { ApiUser, ApiUserView } from '../../../access/api-user.ts'
import type { Page, PageRequest } from '../pages.ts'

/** A user, and its key when it was made here: it is told this once. */
export interface WithKey {
  user: ApiUserView
  key: string | null
}

type Change = {
  [K in 'role' | 'permissions' | 'services' | 'timeZone']?: ApiUser[K] | undefined
} & {
  /** As the change was thought of. */
  revision?: string | undefined
}

/** What the native interface does with API users; `site` is the one that the caller administers, undefined is every site. */
export interface ApiUserParts {
  find(site: number | undefined, page: PageRequest): Promise<Page<ApiUserView>>
  findOne(site: number | undefined, id: number): Promise<ApiUserView>
  /** Of the only site that the caller administers unless it is named. Makes a key unless one is brought along. */
  create(
    site: number | undefined,
    request: Omit<ApiUser, 'id' | 'siteId'> & { siteId?: number | undefined; key?: string | undefined },
    actor: string,
  ): Promise<WithKey>
  update(site: number | undefined, id: number, change: Change, actor: string): Promise<ApiUserView>
  /** The key that it had is taken for so many hours more. */
  rotate(
    site: number | undefined,
    id: number,
    request: { key?: string | undefined; overlapHours: number },
    actor: string,
  ): Promise<WithKey>
  endPreviousKey(site: number | undefined, id: number, actor: string): Promise<ApiUserView>
  revoke(site: number | undefined, id: number, actor: string): Promise<void>
}
