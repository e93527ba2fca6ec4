/** The two URIs of a stamped mail's List-Unsubscribe, the mailto taken apart. */
export function readListUnsubscribeUris(raw: string) {
  const [, value = ''] = /^List-Unsubscribe: (.*)\r$/im.exec(raw) ?? []
  const uris = [...value.matchAll(/<([^<>]*)>/g)].map(([, uri = '']) => uri)
  const [, address = '', subject = ''] =
    uris.map((uri) => /^mailto:([^?]*)\?subject=(.*)$/.exec(uri)).find(Boolean) ?? []
  const url = uris.find((uri) => uri.startsWith('https:')) ?? ''
  return { url, mailto: { address, subject } }
}
