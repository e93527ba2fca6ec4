import type { Language } from '../kernel/texts.ts'
import { type Html, html } from './html.ts'
import { paragraphs } from './paragraphs.ts'
import { PUBLIC_HEADERS } from './public-headers.ts'
import { PLAIN_THEME, type Theme } from './theme.ts'

export interface Page {
  readonly language: Language
  readonly title: string
  readonly content: Html
  /** The service's; plain unless given. */
  readonly theme?: Theme | undefined
}

/**
 * The headers of a page: the public ones, and a policy that lets nothing run, and nothing load but the theme's logo.
 * Only the origins in `framedBy` may frame it, and the answer to a form may lead only to this site and those in
 * `leadsTo`.
 */
export function pageHeaders(
  { styleHash, logo }: Theme,
  { framedBy = [], leadsTo = [] }: { framedBy?: readonly string[]; leadsTo?: readonly string[] } = {},
) {
  const policy = {
    'default-src': `'none'`,
    'style-src': `'sha256-${styleHash}'`,
    ...(logo && { 'img-src': `'self'` }),
    'form-action': [`'self'`, ...leadsTo].join(' '),
    'base-uri': `'none'`,
    'frame-ancestors': framedBy.length > 0 ? framedBy.join(' ') : `'none'`,
  }
  return {
    ...PUBLIC_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
  }
}

/** A whole document: script-free, nothing external, readable at a width of 320 px. To be sent with `pageHeaders`. */
export function frame({ language, title, content, theme = PLAIN_THEME }: Page): string {
  const { name, style } = theme
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${name === null ? title : `${title} – ${name}`}</title>
<style>${style}</style>
</head>
<body>
${header(theme)}<main>
<h1>${title}</h1>
${content}
</main>
${footer(theme, language)}</body>
</html>
`.markup
}

function header({ name, logo }: Theme): Html | undefined {
  if (logo) {
    const { path, width, height } = logo
    return html`<header><img src="${path}" width="${width}" height="${height}" alt="${name ?? ''}"></header>
`
  }
  return name === null
    ? undefined
    : html`<header>${name}</header>
`
}

const PRIVACY: Record<Language, string> = { ja: 'プライバシーポリシー', en: 'Privacy policy' }

function footer({ footer, privacyUrl }: Theme, language: Language): Html | undefined {
  const text = footer[language]
  if (text === undefined && privacyUrl === null) return undefined
  return html`<footer>
${text === undefined ? undefined : paragraphs(text)}
${privacyUrl === null ? undefined : html`<p><a href="${privacyUrl}">${PRIVACY[language]}</a></p>`}
</footer>
`
}
