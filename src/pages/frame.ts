import { createHash } from 'node:crypto'
import type { Language } from '../kernel/texts.ts'
import { type Html, html } from './html.ts'
import { PUBLIC_HEADERS } from './public-headers.ts'

/*
 * Old phones know neither variables nor media queries: they drop these lines and show black on white with buttons of
 * their own. No character in here may need escaping, or the policy's hash would not fit. Every pair of colours has a contrast of 4.5 to 1 at least (WCAG 2.2 AA).
 */
const STYLE = `
:root{color-scheme:light dark;--paper:#ffffff;--ink:#1c1c1c;--quiet:#555555;--accent:#0a5aa8;--on-accent:#ffffff;--wrong:#a3001b}
@media(prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#f1f1f1;--quiet:#b8b8b8;--accent:#8cbcff;--on-accent:#10151c;--wrong:#ffa3a8}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.7 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:32rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.4rem;line-height:1.4;margin:0 0 1rem}
dt{color:var(--quiet);font-size:.875rem}
dd{margin:0 0 .75rem}
.note{color:var(--quiet)}
button{min-height:3rem;padding:.5rem 1.5rem;border:2px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:bold;cursor:pointer}
button:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
a{color:var(--accent)}
label{display:block;font-weight:bold}
small{color:var(--quiet);font-weight:normal}
.check{display:flex;gap:.75rem;align-items:flex-start;font-weight:normal}
input,select{box-sizing:border-box;width:100%;min-height:3rem;padding:.5rem .75rem;border:1px solid var(--quiet);border-radius:.5rem;background:var(--paper);color:var(--ink);font:inherit}
input[type=checkbox]{flex:none;width:1.5rem;min-height:1.5rem;margin:.1rem 0}
input[aria-invalid],select[aria-invalid]{border:2px solid var(--wrong)}
.mistake{display:block;color:var(--wrong)}
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/**
 * The headers of a page: the public ones, and a policy that lets nothing run or load. No other site may frame it but the origins
 * of `framedBy`, and a form's answer leads to no other one but those of `leadsTo`.
 */
export function pageHeaders({
  framedBy = [],
  leadsTo = [],
}: {
  framedBy?: readonly string[]
  leadsTo?: readonly string[]
}) {
  const frames = framedBy.length > 0 ? framedBy.join(' ') : "'none'"
  const places = ["'self'", ...leadsTo].join(' ')
  return {
    ...PUBLIC_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${places}; base-uri 'none'; frame-ancestors ${frames}`,
  }
}

/** Of a page that no other site may frame. */
export const PAGE_HEADERS = pageHeaders({})

/** A whole document: script-free, nothing external, readable at a width of 320 px. */
export function frame(page: { language: Language; title: string; content: Html }): string {
  const { language, title, content } = page
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.markup
}
