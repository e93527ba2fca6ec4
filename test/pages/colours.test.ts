import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contrast, inkOn } from '../../src/pages/colours.ts'
import { pageStyle } from '../../src/pages/page-style.ts'
import { fc } from '../support/properties.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('the contrast of two colours', () => {
  it('is what WCAG says of black, white and greys', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21)
    assert.equal(contrast('#ffffff', '#ffffff'), 1)
    assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54')
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48')
  })
})

describe('the style of a page', () => {
  /** What a browser takes for a variable: the last that is said of it, by day or by night. */
  const value = (style: string, name: string, night: boolean) => {
    const said = night ? style : style.replace(/@media\(prefers-color-scheme:dark\)\{:root\{[^}]*\}/g, '')
    return [...said.matchAll(new RegExp(`--${name}:(#[0-9a-f]{6})`, 'g'))].at(-1)?.[1] ?? assert.fail(name)
  }

  it('can be read in whatever colour a service chooses, by day and by night', () => {
    fc.assert(
      fc.property(colour, (accent) => {
        const style = pageStyle(accent)
        assert.ok(contrast(inkOn(accent), accent) >= 4.5, accent)
        for (const night of [false, true]) {
          const of = (name: string) => value(style, name, night)
          assert.equal(of('accent'), accent)
          for (const [front, back] of [
            ['on-accent', 'accent'],
            ['edge', 'paper'],
            ['ink', 'paper'],
            ['quiet', 'paper'],
          ] as const) {
            const ratio = contrast(of(front), of(back))
            assert.ok(ratio >= 4.5, `${accent}: ${front} on ${back} by ${night ? 'night' : 'day'}: ${ratio}`)
          }
        }
      }),
    )
  })

  it('keeps the colour where that can be told from the paper', () => {
    assert.equal(value(pageStyle('#0a5aa8'), 'edge', false), '#0a5aa8')
    assert.notEqual(value(pageStyle('#ffee00'), 'edge', false), '#ffee00')
    assert.equal(value(pageStyle('#ffee00'), 'edge', true), '#ffee00')
  })

  it('holds nothing that markup would escape', () => {
    assert.doesNotMatch(pageStyle('#0a5aa8') + pageStyle(null), /[&<>"']/)
  })
})
