/** Colours are `#rrggbb`; ratios are those of WCAG 2.2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Black or white, whichever is more readable: on any colour one of them has a contrast of at least 4.58. */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  return contrast(colour, '#000000') >= contrast(colour, '#ffffff') ? '#000000' : '#ffffff'
}

const STEPS = 20

/** The colour, moved towards `ink` as far as it takes to stand out from `paper` by `ratio`, and no farther. */
export function standOut(colour: string, paper: string, ink: string, ratio: number): string {
  for (let step = 0; step < STEPS; step += 1) {
    const moved = mix(colour, ink, step / STEPS)
    if (contrast(moved, paper) >= ratio) return moved
  }
  return ink
}

function mix(colour: string, other: string, part: number): string {
  const mixed = channels(colour).map((value, at) => value + ((channels(other)[at] ?? 0) - value) * part)
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
