import { parse } from 'bowser'

/** The device of a sign-in. Undefined is what its User-Agent does not reveal. */
export interface Device {
  /** Name and major version. */
  browser: string | undefined
  system: string | undefined
  kind: 'desktop' | 'mobile' | 'tablet' | 'tv' | undefined
}

const KINDS = ['desktop', 'mobile', 'tablet', 'tv'] as const

/** Reads a User-Agent. Only the name of the system is used, since browsers freeze its version nowadays. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: undefined, system: undefined, kind: undefined }
  const { browser, os, platform } = parse(userAgent)
  const [version = ''] = (browser.version ?? '').split('.')
  return {
    browser: browser.name ? `${browser.name} ${version}`.trim() : undefined,
    system: os.name || undefined,
    kind: KINDS.find((kind) => kind === platform.type),
  }
}
