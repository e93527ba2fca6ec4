import { imageSize } from 'image-size'

/** A picture that may stand on public pages. */
export interface Logo {
  type: 'image/png' | 'image/jpeg' | 'image/webp'
  /** In pixels. */
  width: number
  height: number
}

export const MOST_LOGO_BYTES = 200 * 1_024
const MOST_PIXELS_A_SIDE = 2_000

/** The types of pictures that are accepted. SVG is not among them: it can hold scripts and load things. */
const TYPES: Readonly<Record<string, Logo['type']>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
}

/**
 * Reads from its bytes what a picture is, whatever it is called. Returns a sentence when it is refused: it is not a
 * picture, it is too large, or a phone would need too much memory to show it.
 */
export function readLogo(bytes: Uint8Array): Logo | string {
  if (bytes.length > MOST_LOGO_BYTES) return `must have at most ${MOST_LOGO_BYTES / 1_024} KiB`
  const { type, width = 0, height = 0 } = measure(bytes)
  const found = TYPES[type ?? '']
  // A truncated picture has no readable size.
  const isMeasured = [width, height].every((side) => Number.isInteger(side) && side > 0)
  if (!found || !isMeasured) return 'must be a PNG, JPEG or WebP picture'
  if (Math.max(width, height) > MOST_PIXELS_A_SIDE) {
    return `must have at most ${MOST_PIXELS_A_SIDE} pixels a side, and has ${width} × ${height}`
  }
  return { type: found, width, height }
}

function measure(bytes: Uint8Array): { type?: string | undefined; width?: number; height?: number } {
  try {
    return imageSize(bytes)
  } catch {
    return {}
  }
}
