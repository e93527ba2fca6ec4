/** A text in a mail that looks like one of our links; neither its class nor its token has been checked. */
export interface OwnLink {
  classId: string
  token: string
}

/** As `src/tokens/link.ts` makes them, in https links and in the subject of mailto links. */
const LINK = /(?<![a-z2-7])([a-z2-7]{16})\/-([\w-]{20,400})(?![\w-])/g
const MOST_LINKS = 20

/** Every text that has the form of our links, each once. */
export function findOwnLinks(text: string): OwnLink[] {
  const links = new Map<string, OwnLink>()
  for (const [whole, classId = '', token = ''] of text.matchAll(LINK)) {
    if (links.size >= MOST_LINKS) break
    links.set(whole, { classId, token })
  }
  return [...links.values()]
}
