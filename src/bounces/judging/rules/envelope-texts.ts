import type { TextRules } from './rule.ts'

/**
 * Words that say something about the side handing the mail over was not found, by their term for it: MAIL FROM, its
 * domain, HELO, the client. No rule reaches across a word for the recipient, or from one command of a session into the
 * next.
 */
export const ENVELOPE_TEXTS: readonly TextRules[] = [
  {
    class: 'ours',
    reason: 'sender',
    says: [
      [
        /\b(?:mail[ -]from (?:domain|address|host)|sender(?:'s)? domain|(?:return|reverse)[ -]?path|envelope[ -](?:sender|from)|(?:bounce|return) (?:address|domain)|domain of (?:the )?(?:mail from|sender))\b(?:(?!rcpt|recipient|>>>|<<<).){0,80}(?:unknown|invalid|no such|not found|not known|(?:does not|doesn't) (?:exist|resolve)|non-?existent|not (?:be )?(?:found|resolved|resolvable|valid)|unresolv|no (?:valid )?(?:mx|mail exchanger|dns|a record)|must (?:exist|resolve))/,
        'callouts and look-ups of the MAIL FROM (RFC 5321 §3.3)',
      ],
      [
        /(?:unknown|invalid|unresolv\w{1,4}|non-?existent|no such|no (?:valid )?(?:mx|mail exchanger)|not found|(?:does not|doesn't) exist|bad)\b(?:(?!rcpt|recipient|>>>|<<<).){0,50}(?: in| of| for| as| from) (?:the |your |an? )?(?:mail from|sender'?s? domain|(?:return|reverse)[ -]?path|envelope[ -](?:sender|from)|(?:bounce|return) (?:address|domain))\b|no such \w{1,15} \S{1,100}, (?:return|reverse)[ -]?path\b/,
        'the same, the other way round',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'reverse-dns',
    says: [
      [
        /\b(?:helo|ehlo)\b(?:(?!rcpt|recipient|>>>|<<<).){0,60}(?:unknown|invalid|not found|not known|(?:does not|doesn't) (?:exist|resolve)|non-?existent|not (?:be )?(?:resolved|resolvable|valid)|unresolv|no (?:mx|dns|a record))/,
        'look-ups of the HELO name (RFC 5321 §4.1.4)',
      ],
      [
        /(?:unknown|invalid|unresolv\w{1,4}|non-?existent|no such|not found|bad)\b(?:(?!rcpt|recipient|>>>|<<<).){0,40}(?: in| of| for| as| from) (?:the |your |an? )?(?:helo|ehlo)\b/,
        'the same, the other way round',
      ],
      [
        /(?:unknown|invalid|unresolv\w{1,4}|unverified|non-?existent|no such) (?:smtp )?(?:client|connecting|sending|submitting|calling|relay(?:ing)?) (?:host|name|server|ip|machine|system|address)/,
        'look-ups of the client',
      ],
      [
        /(?:unknown|unresolvable|unregistered) (?:host|host ?name|machine|ip|address)(?: name| address)?:? ?[[(]?\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\bno (?:host ?name|name|dns(?: entry| record)?|domain(?: name)?) (?:found |registered )?(?:for|of) (?:ip |host |client |address )*[[(]?\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/,
        'the same: who is looked up by a number is the client',
      ],
      [
        /\bhost(?: ?name)? (?!name\b|was\b|is\b)[\w-]{1,63} (?:(?:does not|doesn't) exist|(?:is |was )?(?:unknown|not found|not registered)) (?:in|to) (?:the )?dns\b/,
        'the same: no recipient has a host without a dot',
      ],
    ],
  },
]
