import type { FailureFacts, Verdict } from '../conclusion.ts'

/** Whom a mail went to and whom it came from, as far as it is known: addresses. */
export interface Parties {
  recipient: string | null
  /** The return path, and whoever else the mail calls its sender. */
  senders: readonly string[]
}

/**
 * The verdict on a failure, unless it is the sender who was not found: words that name the sender's address or domain,
 * and neither the recipient's address nor its domain, come from a look-up of the sender. A recipient's refusal stays
 * the recipient's wish, whomever it names.
 */
export function unlessAboutSender(
  verdict: Verdict & FailureFacts,
  { recipient, senders }: Parties,
): Verdict & FailureFacts {
  if (verdict.class !== 'hard' || verdict.reason === 'refused') return verdict
  const said = wordsAfter(verdict.diagnostic?.toLowerCase() ?? '')
  const wanted = recipient?.toLowerCase()
  const known = senders.filter((sender) => sender !== '').map((sender) => sender.toLowerCase())
  const isAddressNamed = known.some((sender) => names(said, sender))
  // Within one domain only the address tells them apart.
  const isAboutSender = isAddressNamed
    ? !wanted || !names(said, wanted)
    : wanted && known.some((sender) => names(said, domainOf(sender))) && !names(said, domainOf(wanted))
  if (!isAboutSender) return verdict
  return { ...verdict, class: 'ours', reason: 'sender', rule: `${verdict.rule}, of the sender` }
}

/**
 * Leaves out the name of the host that spoke, which is often in the recipient's domain, or in the sender's where our
 * own relay speaks.
 */
function wordsAfter(diagnostic: string): string {
  return diagnostic.replace(/\bhost \S{1,300} (?:said|refused to talk to me):/g, ' ')
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/**
 * Whether the whole name occurs: a host below a domain is a different name, and so is a longer name that begins with
 * it.
 */
function names(said: string, name: string): boolean {
  for (let at = said.indexOf(name); at !== -1; at = said.indexOf(name, at + 1)) {
    const isBegin = !/[\w.-]/.test(said[at - 1] ?? '')
    const behind = said.slice(at + name.length, at + name.length + 2)
    if (isBegin && !/^(?:[\w-]|\.\w)/.test(behind)) return true
  }
  return false
}
