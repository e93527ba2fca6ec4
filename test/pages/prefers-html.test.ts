import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prefersHtml } from '../../src/pages/prefers-html.ts'

describe('a page rather than plain text', () => {
  const asked = [
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'application/xhtml+xml',
    'text/*',
    'text/plain, text/html',
    'TEXT/HTML;q=0.1',
  ]
  for (const accept of asked) {
    it(`is what ${accept} asks for`, () => assert.equal(prefersHtml(accept, false), true))
  }

  for (const accept of ['text/plain', 'text/html;q=0', 'text/plain, text/html;q=0.5', 'text/plain, */*']) {
    it(`is not what ${accept} asks for`, () => assert.equal(prefersHtml(accept, true), false))
  }

  for (const accept of [undefined, '', '*/*', 'application/json', 'image/*']) {
    it(`is left open by ${accept === undefined ? 'no header' : JSON.stringify(accept)}`, () => {
      assert.equal(prefersHtml(accept, true), true)
      assert.equal(prefersHtml(accept, false), false)
    })
  }
})
