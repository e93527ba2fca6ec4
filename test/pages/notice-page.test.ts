import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { contrast } from '../../src/pages/colours.ts'
import { pageHeaders } from '../../src/pages/frame.ts'
import { type NoticeView, noticePage, noticeText } from '../../src/pages/notice-page.ts'
import { TEXT_HEADERS } from '../../src/pages/public-headers.ts'
import { createTheme, PLAIN_THEME } from '../../src/pages/theme.ts'

const VIEW: NoticeView = {
  language: 'ja',
  title: '配信を停止しますか？',
  lead: '停止すると届かなくなります。',
  facts: [
    { label: '差出人', value: '"<b>" <news@example.com>' },
    { label: '配信先', value: 't***@example.jp' },
  ],
  notes: ['行き違いで届くことがあります。'],
  button: {
    label: '停止する',
    action: '/abcdefghij234567/-tok?a="&b',
    fields: { 'List-Unsubscribe': 'One-Click' },
  },
  others: [{ label: '差出人: shop@example.com', note: '停止済み' }],
}
const PAGE = noticePage(VIEW, PLAIN_THEME)
const STYLE = /<style>(.*?)<\/style>/s.exec(PAGE)?.[1] ?? ''

describe('the unsubscribe page', () => {
  it('says in its language who sends and to whom, escaped', () => {
    assert.match(PAGE, /^<!doctype html>\n<html lang="ja">/)
    assert.match(PAGE, /<title>配信を停止しますか？<\/title>/)
    assert.match(PAGE, /<h1>配信を停止しますか？<\/h1>/)
    assert.match(PAGE, /<dt>差出人<\/dt><dd>&quot;&lt;b&gt;&quot; &lt;news@example.com&gt;<\/dd>/)
    assert.match(PAGE, /<dt>配信先<\/dt><dd>t\*\*\*@example.jp<\/dd>/)
    assert.match(PAGE, /<p class="note">行き違いで/)
  })

  it('has a button that posts what a mailbox provider posts', () => {
    assert.ok(
      PAGE.includes(
        '<form method="post" action="/abcdefghij234567/-tok?a=&quot;&amp;b">' +
          '<input type="hidden" name="List-Unsubscribe" value="One-Click">' +
          '<button type="submit">停止する</button></form>',
      ),
    )
  })

  it('needs no script and loads nothing', () => {
    assert.doesNotMatch(PAGE, /<script|<link|<img|\bsrc=|\bhref=|@import|url\(|\son\w+=|style=/i)
  })

  it('allows its own style and nothing else', () => {
    const policy = pageHeaders(PLAIN_THEME)['content-security-policy']
    const hash = createHash('sha256').update(STYLE).digest('base64')
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
  })

  it('keeps a contrast of 4.5 to 1 by day and by night', () => {
    const [day = '', night = ''] = STYLE.split('@media(prefers-color-scheme:dark)')
    for (const block of [day, night]) {
      const colour = (name: string) =>
        new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(block)?.[1] ?? assert.fail(name)
      for (const [front, back] of [
        ['ink', 'paper'],
        ['quiet', 'paper'],
        ['accent', 'paper'],
        ['on-accent', 'accent'],
      ] as const) {
        assert.ok(contrast(colour(front), colour(back)) >= 4.5, `${front} on ${back}`)
      }
    }
  })

  it('leaves out what there is not', () => {
    const { button: _, ...view } = VIEW
    const page = noticePage({ ...view, facts: [], notes: [] }, PLAIN_THEME)
    assert.doesNotMatch(page, /<form|<dl|class="note"|<header|<footer|undefined|null/)
  })

  it('stays small enough for an old phone', () => assert.ok(Buffer.byteLength(PAGE) < 3_000))
})

describe('the page of a service with a look of its own', () => {
  const theme = createTheme({
    name: '<Acme> & Söhne',
    accent: '#ffcc00',
    logo: { path: '/-/logo/0123', width: 300, height: 100 },
    footer: { ja: '株式会社アクメ\n<b>03-0000-0000</b>' },
    privacyUrl: 'https://acme.example/privacy?a=1&b="2"',
  })
  const page = noticePage(VIEW, theme)

  it('shows its logo, its name, its footer and its link, all of them escaped', () => {
    const name = '&lt;Acme&gt; &amp; Söhne'
    const logo = `<img src="/-/logo/0123" width="300" height="100" alt="${name}">`
    assert.ok(page.includes(`<header>${logo}</header>`))
    assert.ok(page.includes(`<title>配信を停止しますか？ – ${name}</title>`))
    assert.ok(page.includes('<p>株式会社アクメ<br>&lt;b&gt;03-0000-0000&lt;/b&gt;</p>'))
    const url = 'https://acme.example/privacy?a=1&amp;b=&quot;2&quot;'
    assert.ok(page.includes(`<a href="${url}">プライバシーポリシー</a>`))
  })

  it('says its name where it has no logo, and leaves out a footer of another language', () => {
    const plain = noticePage({ ...VIEW, language: 'en' }, { ...theme, logo: null, privacyUrl: null })
    assert.match(plain, /<header>&lt;Acme&gt; &amp; Söhne<\/header>/)
    assert.doesNotMatch(plain, /<img|<footer|株式会社/)
  })

  it('allows its own style and its logo, and nothing else', () => {
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    assert.equal(
      pageHeaders(theme)['content-security-policy'],
      `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    assert.doesNotMatch(page, /<script|<link|@import|url\(|\son\w+=|style=/i)
  })
})

describe('the same as plain text', () => {
  it('says the same in a few lines', () => {
    assert.equal(
      noticeText(VIEW),
      '配信を停止しますか？\n\n停止すると届かなくなります。\n差出人: "<b>" <news@example.com>\n配信先: t***@example.jp\n' +
        '行き違いで届くことがあります。\n停止する: POST /abcdefghij234567/-tok?a="&b\n',
    )
  })

  it('is as private as the page', () => {
    for (const headers of [pageHeaders(PLAIN_THEME), TEXT_HEADERS]) {
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-robots-tag'], 'noindex')
      assert.ok(!('set-cookie' in headers))
    }
    assert.equal(TEXT_HEADERS['content-type'], 'text/plain; charset=utf-8')
    assert.equal(pageHeaders(PLAIN_THEME)['content-type'], 'text/html; charset=utf-8')
  })
})
