import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MOST_LOGO_BYTES, readLogo } from '../../src/pages/logo.ts'
import { jpeg, png, webp } from './pictures.ts'

it('knows a picture by its bytes, with its size', () => {
  assert.deepEqual(readLogo(png(120, 40)), { type: 'image/png', width: 120, height: 40 })
  assert.deepEqual(readLogo(jpeg(300, 200)), { type: 'image/jpeg', width: 300, height: 200 })
  assert.deepEqual(readLogo(webp(64, 32)), { type: 'image/webp', width: 64, height: 32 })
})

it('takes nothing that could hold a script, and nothing that is no picture', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'
  const texts = [
    svg,
    `<?xml version="1.0"?>${svg}`,
    '<!doctype html><p>hello',
    'GIF89a\x10\0\x10\0\0\0\0',
    '',
    'BM',
  ]
  for (const text of texts) {
    assert.equal(readLogo(Buffer.from(text, 'latin1')), 'must be a PNG, JPEG or WebP picture', text)
  }
})

it('bears whatever is cut off or spoilt', () => {
  for (const whole of [png(20, 20), jpeg(20, 20), webp(20, 20)]) {
    for (let length = 0; length < Math.min(whole.length, 60); length += 1) {
      const read = readLogo(whole.subarray(0, length))
      assert.ok(typeof read === 'string' || read.width > 0, `${length}`)
    }
    for (let at = 0; at < Math.min(whole.length, 60); at += 1) {
      const spoilt = Buffer.from(whole)
      spoilt[at] = (spoilt[at] ?? 0) ^ 0xff
      assert.doesNotThrow(() => readLogo(spoilt), `${at}`)
    }
  }
})

it('refuses what would be too much for a phone', () => {
  assert.match(String(readLogo(png(2_001, 10))), /2000 pixels a side/)
  assert.match(String(readLogo(Buffer.concat([png(10, 10), Buffer.alloc(MOST_LOGO_BYTES)]))), /200 KiB/)
})
