import { createHash } from 'node:crypto'
import type { Language } from '../kernel/texts.ts'
import { pageStyle } from './page-style.ts'

/** What a service makes of its public pages. */
export interface Look {
  /** Whose pages they are. */
  readonly name: string | null
  /** `#rrggbb` */
  readonly accent: string | null
  /** `path` is one on the pages' own origin. */
  readonly logo: { readonly path: string; readonly width: number; readonly height: number } | null
  /** Below every page, in plain text. */
  readonly footer: Readonly<Partial<Record<Language, string>>>
  /** https */
  readonly privacyUrl: string | null
}

/** A look that is ready to be shown. */
export interface Theme extends Look {
  readonly style: string
  /** By which a Content-Security-Policy allows the style. */
  readonly styleHash: string
}

/** Makes the theme for a look. It hashes the style, so it is to be made once and kept. */
export function createTheme(look: Look): Theme {
  const style = pageStyle(look.accent)
  return { ...look, style, styleHash: createHash('sha256').update(style).digest('base64') }
}

/** For pages that belong to no service, and to services that have chosen nothing. */
export const PLAIN_THEME: Theme = createTheme({
  name: null,
  accent: null,
  logo: null,
  footer: {},
  privacyUrl: null,
})
