import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

const CHUNK_BYTES = 1024 * 1024

/** The lines of a gzipped file, some at a time. U+2028 does not end a line, unlike in Node's readline. */
export async function* readLines(file: string): AsyncGenerator<string[]> {
  const text = createGunzip({ chunkSize: CHUNK_BYTES }).setEncoding('utf8')
  // An error of the file surfaces at the last stream, where it is read.
  pipeline(createReadStream(file), text, () => {})
  // A line may be as long as a mail: its pieces are joined once.
  let pieces: string[] = []
  for await (const chunk of text as AsyncIterable<string>) {
    const end = chunk.lastIndexOf('\n')
    if (end === -1) {
      pieces.push(chunk)
      continue
    }
    yield `${pieces.join('')}${chunk.slice(0, end)}`.split('\n')
    pieces = [chunk.slice(end + 1)]
  }
}
