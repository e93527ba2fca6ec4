/*
 * Addresses like those in customers' lists: a few mailbox providers and carriers have most of them, thousands of
 * companies the rest; with names, dots, years and some capitals. The serial alone determines an address, so every run
 * has the same ones and none occurs twice.
 */
const SEED = 0x6b61696a
const PROVIDERS: readonly (readonly [domain: string, share: number])[] = [
  ['gmeil.example', 0.31],
  ['yahuu.co.example', 0.14],
  ['docomi.ne.example', 0.1],
  ['icloude.example', 0.08],
  ['ezwebs.ne.example', 0.06],
  ['softbunk.ne.example', 0.05],
  ['hotmeil.co.example', 0.04],
  ['outluck.example', 0.03],
  ['nifti.example', 0.02],
  ['ocn.ne.example', 0.02],
]
const COMPANIES = 40_000
const FAMILIES =
  'sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki matsumoto inoue'
const GIVEN =
  'haruto yuto sota minato ren itsuki yuma riku hinata aoi himari rin mei tsumugi sakura yui akari mio hana kana'
const families = FAMILIES.split(' ')
const given = GIVEN.split(' ')
const SEPARATORS = ['.', '_', '-']

export function addressOf(serial: number): string {
  const draw = drawsOf(serial)
  const address = `${localPart(serial, draw)}@${domain(draw)}`
  return draw() < 0.02 ? address.replace(/^./, (letter) => letter.toUpperCase()) : address
}

function localPart(serial: number, draw: () => number): string {
  // Multiplying by an odd number keeps serials distinct and shuffles them.
  const own = (Math.imul(serial, 2_654_435_761) >>> 0).toString(36)
  const name =
    draw() < 0.5 ? pick(given, draw) : `${pick(families, draw)}${draw() < 0.4 ? pick(given, draw) : ''}`
  const year = draw() < 0.25 ? String(1950 + Math.floor(draw() * 60)) : ''
  return `${name}${year}${pick(SEPARATORS, draw)}${own}`
}

function domain(draw: () => number): string {
  let left = draw()
  for (const [name, share] of PROVIDERS) {
    if (left < share) return name
    left -= share
  }
  // A few companies have many of the addresses.
  return `company${Math.floor(COMPANIES ** draw())}.co.example`
}

function pick(values: readonly string[], draw: () => number): string {
  return values[Math.floor(draw() * values.length)] as string
}

/** Numbers in [0, 1) determined by the serial (mulberry32). */
function drawsOf(serial: number): () => number {
  let state = Math.imul(serial ^ SEED, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
