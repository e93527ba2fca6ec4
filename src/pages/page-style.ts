import { inkOn, standOut } from './colours.ts'

const DAY = { paper: '#ffffff', ink: '#1c1c1c' }
const NIGHT = { paper: '#16181b', ink: '#f1f1f1' }

/*
 * Old phones know neither variables nor media queries: they drop these lines and show black on white with buttons of
 * their own. No character in here may need escaping, or the policy's hash would not fit. Every pair of colours has a
 * contrast of 4.5 to 1 at least (WCAG 2.2 AA).
 */
const STYLE = `
:root{color-scheme:light dark;--paper:${DAY.paper};--ink:${DAY.ink};--quiet:#555555;--accent:#0a5aa8;--on-accent:#ffffff;--edge:#0a5aa8;--wrong:#a3001b}
@media(prefers-color-scheme:dark){:root{--paper:${NIGHT.paper};--ink:${NIGHT.ink};--quiet:#b8b8b8;--accent:#8cbcff;--on-accent:#10151c;--edge:#8cbcff;--wrong:#ffa3a8}img{background:#ffffff;padding:.25rem}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.7 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:32rem;margin:0 auto;padding:2rem 1rem}
header{padding-bottom:0;font-weight:bold}
footer{padding-top:0;color:var(--quiet);font-size:.875rem}
img{max-width:100%;max-height:4rem;height:auto;width:auto;box-sizing:border-box}
h1{font-size:1.4rem;line-height:1.4;margin:0 0 1rem}
dt{color:var(--quiet);font-size:.875rem}
dd{margin:0 0 .75rem}
.note{color:var(--quiet)}
a{color:var(--edge)}
button{min-height:3rem;padding:.5rem 1.5rem;border:2px solid var(--edge);border-radius:.5rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:bold;cursor:pointer}
button:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
label{display:block;font-weight:bold}
small{color:var(--quiet);font-weight:normal;white-space:nowrap}
.check{display:flex;gap:.75rem;align-items:flex-start;font-weight:normal}
input,select{box-sizing:border-box;width:100%;min-height:3rem;padding:.5rem .75rem;border:1px solid var(--quiet);border-radius:.5rem;background:var(--paper);color:var(--ink);font:inherit}
input[type=checkbox]{accent-color:var(--edge);flex:none;width:1.5rem;min-height:1.5rem;margin:.1rem 0}
input[aria-invalid],select[aria-invalid]{border:2px solid var(--wrong)}
.mistake{display:block;color:var(--wrong)}
`

const READABLE = 4.5

/**
 * The style of a page, in the accent colour that a service has chosen. Whatever that is can be read: what is written on
 * it is black or white, and links and edges are moved away from the paper where the colour itself is too near to it.
 */
export function pageStyle(accent: string | null): string {
  if (accent === null) return STYLE
  const edge = ({ paper, ink }: typeof DAY) => standOut(accent, paper, ink, READABLE)
  return `${STYLE}:root{--accent:${accent};--on-accent:${inkOn(accent)};--edge:${edge(DAY)}}
@media(prefers-color-scheme:dark){:root{--edge:${edge(NIGHT)}}}
body{border-top:.375rem solid var(--accent)}
`
}
