const MS_BETWEEN = 100

export interface Progress {
  show(text: string): void
  /** Clears the line, so that whatever comes next begins on an empty one. */
  end(): void
}

/** One line on stderr that keeps changing; nothing at all when nobody watches. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => {}, end: () => {} }
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show: (text) => {
      const now = performance.now()
      if (now - shownAt < MS_BETWEEN) return
      shownAt = now
      stream.write(`\r\x1b[K${text.slice(0, stream.columns - 1)}`)
    },
    end: () => stream.write('\r\x1b[K'),
  }
}
