import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readInput } from '../../src/kernel/mistakes.ts'
import { pageFields } from '../../src/tenants/page-rules.ts'

it('takes colours, links and texts in one form', () => {
  const given = {
    name: ' Acme ',
    accent: '#FFcc00',
    privacyUrl: 'HTTPS://Acme.example',
    texts: { ja: { ask: '  一行目\r\n二行目 \n' } },
  }
  assert.deepEqual(readInput(pageFields, given), {
    name: 'Acme',
    accent: '#ffcc00',
    privacyUrl: 'https://acme.example/',
    texts: { ja: { ask: '一行目\n二行目' }, en: {} },
  })
  assert.deepEqual(readInput(pageFields, { name: null, accent: null, privacyUrl: null }), {
    name: null,
    accent: null,
    privacyUrl: null,
  })
})

it('refuses what a page could not show, by its field', () => {
  const refused: [object, string][] = [
    [{ name: '' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ accent: 'red' }, 'accent'],
    [{ accent: '#fff' }, 'accent'],
    [{ accent: '#ffffff;}body{display:none' }, 'accent'],
    [{ privacyUrl: 'http://acme.example' }, 'privacyUrl'],
    [{ privacyUrl: 'javascript:alert(1)' }, 'privacyUrl'],
    [{ privacyUrl: 'https://user:word@acme.example' }, 'privacyUrl'],
    [{ privacyUrl: 'acme' }, 'privacyUrl'],
    [{ language: 'de' }, 'language'],
    [{ texts: { ja: { ask: ' ' } } }, 'texts.ja.ask'],
    [{ texts: { ja: { footer: 'x'.repeat(501) } } }, 'texts.ja.footer'],
    [{ texts: { en: { stopped: 'a\0b' } } }, 'texts.en.stopped'],
    [{ texts: { en: { stopped: '\ud800' } } }, 'texts.en.stopped'],
    [{ texts: { en: { title: 'x' } } }, 'texts.en.title'],
    [{ texts: { de: {} } }, 'texts.de'],
  ]
  for (const [given, field] of refused) {
    assert.throws(() => readInput(pageFields, given), { field }, JSON.stringify(given))
  }
  readInput(pageFields, { texts: { ja: { footer: '\u{20bb7}'.repeat(500) } } })
})
