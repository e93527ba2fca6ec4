/** A file as `fetch` takes it: text, bytes, a Blob (`fs.openAsBlob`) or a stream of bytes. */
export type FileContent = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream | AsyncIterable<Uint8Array>

/** Sends a file as a body, as it comes. */
export function asUpload(file: FileContent, type = 'application/octet-stream'): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body: file, duplex: 'half' } as RequestInit
}
