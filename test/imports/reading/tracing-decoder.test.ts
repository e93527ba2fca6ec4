import assert from 'node:assert/strict'
import { it } from 'node:test'
import { BadByte, tracingDecoder } from '../../../src/imports/reading/tracing-decoder.ts'

for (const [label, hex, position, textBefore] of [
  ['utf-8', '61e697a5e69761', 7, 'a日'],
  ['utf-8', '61e697', 3, 'a'],
  ['shift_jis', '6193fa0a93', 5, 'a日\n'],
  ['gb18030', '8130813062813081', 8, '\u0080b'],
  ['iso-2022-jp', '1b2442467c1b2842611b2442ff', 13, '日a'],
] as const) {
  it(`the byte that is not ${label} is named wherever the file was parted: ${hex}`, () => {
    const file = Buffer.from(hex, 'hex')
    for (let first = 0; first <= file.length; first++) {
      for (let second = first; second <= file.length; second++) {
        const { decode } = tracingDecoder(label)
        let text = ''
        const read = () => {
          text += decode(file.subarray(0, first))
          text += decode(file.subarray(first, second))
          text += decode(file.subarray(second))
          text += decode()
        }
        assert.throws(read, (error) => {
          assert.ok(error instanceof BadByte)
          assert.deepEqual([error.position, text + error.textBefore], [position, textBefore])
          return true
        })
      }
    }
  })
}
