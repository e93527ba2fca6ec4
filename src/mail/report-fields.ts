/** One block of `Name: value` lines of a machine-readable report; names in lower case, values in order. */
export type ReportBlock = ReadonlyMap<string, readonly string[]>

const MOST_BLOCKS = 2_000
const MOST_VALUE = 4_000
const FIELD = /^([A-Za-z][\w-]{1,60})[ \t]*:[ \t]*(.*)$/

/**
 * The blocks between empty lines (RFC 3464 §2.1.1, RFC 5965 §3, RFC 8098 §3), unfolded. `starts` names a field that
 * also begins a block, for software that leaves the empty line out. Lines that are neither fields nor folded are
 * skipped.
 */
export function readReportBlocks(text: string, starts: string): ReportBlock[] {
  const blocks: Map<string, string[]>[] = []
  let block: Map<string, string[]> | undefined
  let values: string[] | undefined
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      block = undefined
      values = undefined
    } else if (/^[ \t]/.test(line)) {
      const last = values?.at(-1)
      if (values && last !== undefined && last.length < MOST_VALUE)
        values[values.length - 1] = `${last} ${line.trim()}`
    } else {
      const [, name = '', value = ''] = FIELD.exec(line.slice(0, MOST_VALUE)) ?? []
      if (name === '') continue
      const key = name.toLowerCase()
      if (!block || (key === starts && block.has(starts))) {
        if (blocks.length >= MOST_BLOCKS) break
        block = new Map()
        blocks.push(block)
      }
      values = block.get(key) ?? []
      values.push(value.trim())
      block.set(key, values)
    }
  }
  return blocks
}
