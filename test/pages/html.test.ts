import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { html } from '../../src/pages/html.ts'
import { fc } from '../support/properties.ts'

describe('markup', () => {
  it('escapes what would leave a text or a quoted attribute', () => {
    assert.equal(
      html`<a title="${`"'`}">${'<b>&amp;'}</a>`.markup,
      '<a title="&quot;&#39;">&lt;b&gt;&amp;amp;</a>',
    )
  })

  it('nests, joins lists and leaves undefined out', () => {
    const items = ['<1>', '2'].map((item) => html`<li>${item}</li>`)
    assert.equal(html`<ul>${items}${undefined}</ul>${3}`.markup, '<ul><li>&lt;1&gt;</li><li>2</li></ul>3')
  })

  it('cannot be faked by a value that looks like markup from here', () => {
    const fake = { markup: '<script>', toString: () => '<script>' } as unknown as string
    assert.equal(html`${fake}`.markup, '&lt;script&gt;')
  })

  it('lets no value open a tag, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&;a/ ') }), (text) => {
        const { markup } = html`<p class="${text}">${text}</p>`
        assert.equal(markup.match(/[<>]/g)?.length, 4)
        assert.equal(markup.match(/"/g)?.length, 2)
      }),
    )
  })
})
