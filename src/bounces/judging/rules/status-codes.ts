import type { Finding } from './rule.ts'

type CodeRule = Finding & { source: string }

const hard = (reason: Extract<Finding, { class: 'hard' }>['reason'], source: string): CodeRule => ({
  class: 'hard',
  reason,
  source,
})
const soft = (reason: Extract<Finding, { class: 'soft' }>['reason'], source: string): CodeRule => ({
  class: 'soft',
  reason,
  source,
})
const ours = (reason: Extract<Finding, { class: 'ours' }>['reason'], source: string): CodeRule => ({
  class: 'ours',
  reason,
  source,
})

/**
 * What an enhanced status code of class 5 says by itself. Codes missing here say nothing certain: 5.1.0, 5.2.0 and
 * 5.4.4 are used both for a recipient who does not exist and for a sender who is not wanted.
 */
export const STATUS_CODES: Readonly<Record<string, CodeRule>> = {
  '5.1.1': hard('user-unknown', 'RFC 3463 §3.2'),
  '5.1.2': hard('host-unknown', 'RFC 3463 §3.2'),
  '5.1.3': hard('user-unknown', 'RFC 3463 §3.2'),
  '5.1.6': hard('moved', 'RFC 3463 §3.2'),
  '5.1.7': ours('sender', 'RFC 3463 §3.2'),
  '5.1.8': ours('sender', 'RFC 3463 §3.2'),
  '5.1.9': ours('content', 'RFC 3886 §3.3.4'),
  '5.1.10': hard('host-unknown', 'RFC 7505 §4.1'),
  '5.2.1': hard('disabled', 'RFC 3463 §3.3'),
  '5.2.2': soft('mailbox-full', 'RFC 3463 §3.3'),
  '5.2.3': soft('too-large', 'RFC 3463 §3.3'),
  '5.3.1': soft('system', 'RFC 3463 §3.4'),
  '5.3.3': ours('content', 'RFC 3463 §3.4'),
  '5.3.4': soft('too-large', 'RFC 3463 §3.4'),
  '5.3.5': soft('system', 'RFC 3463 §3.4'),
  '5.4.1': soft('network', 'RFC 3463 §3.5'),
  '5.4.2': soft('network', 'RFC 3463 §3.5'),
  '5.4.3': soft('network', 'RFC 3463 §3.5'),
  '5.4.5': soft('network', 'RFC 3463 §3.5'),
  '5.4.6': soft('network', 'RFC 3463 §3.5'),
  '5.4.7': soft('expired', 'RFC 3463 §3.5'),
  '5.5.0': ours('syntax', 'RFC 3463 §3.6'),
  '5.5.1': ours('syntax', 'RFC 3463 §3.6'),
  '5.5.2': ours('syntax', 'RFC 3463 §3.6'),
  '5.5.3': soft('rate-limited', 'RFC 3463 §3.6'),
  '5.5.4': ours('syntax', 'RFC 3463 §3.6'),
  '5.5.5': ours('syntax', 'RFC 3463 §3.6'),
  '5.5.6': ours('syntax', 'RFC 4954 §4'),
  '5.6.*': ours('content', 'RFC 3463 §3.7'),
  '5.7.8': ours('authentication', 'RFC 4954 §6'),
  '5.7.17': hard('moved', 'RFC 7293 §10: the mailbox belongs to somebody else'),
  '5.7.18': hard('moved', 'RFC 7293 §10: the domain belongs to somebody else'),
  '5.7.20': ours('authentication', 'RFC 7372 §3.1'),
  '5.7.21': ours('authentication', 'RFC 7372 §3.1'),
  '5.7.22': ours('authentication', 'RFC 7372 §3.1'),
  '5.7.23': ours('authentication', 'RFC 7372 §3.2'),
  '5.7.24': ours('authentication', 'RFC 7372 §3.2'),
  '5.7.25': ours('reverse-dns', 'RFC 7372 §3.3'),
  '5.7.26': ours('authentication', 'RFC 7372 §3.4'),
  '5.7.27': ours('sender', 'RFC 7505 §4.2'),
  '5.7.*': ours('policy', 'RFC 3463 §3.8'),
}

/** What a reply code of RFC 5321 says by itself. 550, 551, 553 and 554 say nothing certain. */
export const REPLY_CODES: Readonly<Record<number, CodeRule>> = {
  500: ours('syntax', 'RFC 5321 §4.2.2'),
  501: ours('syntax', 'RFC 5321 §4.2.2'),
  502: ours('syntax', 'RFC 5321 §4.2.2'),
  503: ours('syntax', 'RFC 5321 §4.2.2'),
  504: ours('syntax', 'RFC 5321 §4.2.2'),
  521: hard('host-unknown', 'RFC 7504 §3: the host takes no mail'),
  530: ours('authentication', 'RFC 4954 §6'),
  535: ours('authentication', 'RFC 4954 §6'),
  552: soft('mailbox-full', 'RFC 5321 §4.2.2'),
  555: ours('syntax', 'RFC 5321 §4.2.2'),
  556: hard('host-unknown', 'RFC 7504 §4: the domain takes no mail'),
}
