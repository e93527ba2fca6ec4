/** Numbers of pages, a bit each: a file may have millions. */
export class PageSet {
  #bits = new Uint32Array(1_024)

  add(page: number): void {
    const word = page >>> 5
    if (word >= this.#bits.length) {
      const grown = new Uint32Array(Math.max(word + 1, 2 * this.#bits.length))
      grown.set(this.#bits)
      this.#bits = grown
    }
    this.#bits[word] = (this.#bits[word] as number) | (1 << (page & 31))
  }

  clear(): void {
    this.#bits.fill(0)
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [word, bits] of this.#bits.entries()) {
      for (let left = bits; left !== 0; left &= left - 1) yield word * 32 + 31 - Math.clz32(left & -left)
    }
  }
}
