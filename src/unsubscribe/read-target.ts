import { isClassId } from '../kernel/ids.ts'
import { publicPath } from '../pages/public-path.ts'

/** The longest opaque part that is kept, in bytes. */
const MOST_OPAQUE_BYTES = 1024

const CLASS_ID_LENGTH = 16
const RESUME = '/-/resume/'

/**
 * What a request to the public endpoint points at. `token` is base64url without the mark; `part` is every byte after
 * `base_url`, one character each, '' when nothing follows. The last two kinds matter only for a list that takes opaque
 * parts; to any other list they are a request like `opaque`.
 */
export type PublicTarget =
  | { readonly kind: 'token'; readonly classId: string; readonly token: string }
  | { readonly kind: 'resume'; readonly classId: string; readonly token: string }
  | { readonly kind: 'opaque'; readonly classId: string; readonly part: string }
  | { readonly kind: 'opaque-too-long'; readonly classId: string }
  | { readonly kind: 'opaque-nul'; readonly classId: string }

/** Reads a raw request target as `publicPath` takes it; undefined when it is for the router. */
export function readTarget(rawTarget: string, prefix: string): PublicTarget | undefined {
  const path = publicPath(rawTarget, prefix)
  if (path.startsWith(RESUME)) return readResume(path.slice(RESUME.length))
  const classId = path.slice(1, 1 + CLASS_ID_LENGTH)
  if (!path.startsWith('/') || !isClassId(classId)) return undefined
  return readFollowing(classId, path.slice(1 + CLASS_ID_LENGTH))
}

function readFollowing(classId: string, following: string): PublicTarget {
  const token = following.startsWith('/-') ? leadingToken(following.slice(2)) : undefined
  if (token !== undefined) return { kind: 'token', classId, token }
  if (following.length > MOST_OPAQUE_BYTES) return { kind: 'opaque-too-long', classId }
  if (following.includes('%00')) return { kind: 'opaque-nul', classId }
  return { kind: 'opaque', classId, part: following }
}

function readResume(following: string): PublicTarget | undefined {
  const classId = following.slice(0, CLASS_ID_LENGTH)
  if (!isClassId(classId) || following[CLASS_ID_LENGTH] !== '/') return undefined
  const token = leadingToken(following.slice(CLASS_ID_LENGTH + 1))
  return token === undefined ? undefined : { kind: 'resume', classId, token }
}

/** Mail clients and trackers glue things on (`?utm=…`, `>`, a full stop); a token's seal does not cover them. */
function leadingToken(text: string): string | undefined {
  return /^[A-Za-z0-9_-]+/.exec(text)?.[0]
}
