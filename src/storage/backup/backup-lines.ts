import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

const CHUNK_BYTES = 1024 * 1024

/** The lines of a gzipped file, a run at a time. U+2028, which Node's readline takes for an end of line, is none. */
export async function* readLines(file: string): AsyncGenerator<string[]> {
  const text = createGunzip({ chunkSize: CHUNK_BYTES }).setEncoding('utf8')
  // An error of the file comes out of the last stream, where it is read.
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
