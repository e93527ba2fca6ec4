import type { BounceFormat } from './format.ts'

/** TransWARE Active!hunter. */
export const ACTIVE_HUNTER: BounceFormat = {
  name: 'Active!hunter',
  signs: [{ field: ['X-AHMailID', /./] }],
  recipient: [/^\s*>>> .{0,200}<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>()\s*$/],
}
