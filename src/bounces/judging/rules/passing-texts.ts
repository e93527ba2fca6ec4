import type { TextRules } from './rule.ts'

/** States that pass, or that the recipient can end, in the order of asking. */
export const PASSING_TEXTS: readonly TextRules[] = [
  {
    class: 'soft',
    reason: 'greylisted',
    says: [
      [
        /gr[ea]y ?-?list|temporarily.{0,40}gr[ea]y|please (?:retry|try again) in \d+ (?:sec|min)/,
        'Postgrey and others',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'rate-limited',
    says: [
      [
        /too many (?:connection|message|mail|recipient|session|concurrent|invalid|unknown|bad|error|failed|hop|e-?mail|rcpt|user|smtp)/,
        'Postfix anvil, Exim, Gmail',
      ],
      [
        /rate ?-?limit|sending rate|message rate|(?:connection|message|recipient|mail|sending|hourly|daily) (?:rate |count |frequency )?(?:limit|quota) (?:\w{1,15} )?(?:exceed|reach)|throttl/,
        'many',
      ],
      [/receiving mail (?:at a rate|too quickly)|receiving e-?mail at a rate/, 'Gmail 4.2.1, 5.2.1'],
      [
        /(?:exceed|reach)\w{0,4} (?:\w{1,15} ){0,4}(?:connections|rate|sending limit|number of (?:messages|connections|recipients|e-?mails)|daily)/,
        'many',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'mailbox-full',
    says: [
      [
        /(?:mailbox|inbox|mail ?-?box|maildir|mailfolder|account|mail ?spool|user|recipient|mbox|storage|disk|box)(?:\S{0,3} ?(?:<?\S{1,80}@\S{1,80})?) (?:is |are |has been |was |currently |has |too |now |already |seems |appears |almost )*(?:full|exhausted|overfull|overflow)/,
        'many',
      ],
      [
        /(?:over|exceed\w{0,4}|exceeding|out of|above|beyond|reached|past|insufficient|not enough|no more|low on) (?:\S{1,20} ){0,6}(?:quota|storage|disk|mailbox (?:size|limit)|space|mail ?-?box capacity)|over-?quota/,
        'many',
      ],
      [
        /(?:quota|storage(?: space)?|mailbox (?:size|limit)|disk ?space|allocation)(?: limit| allocation)? (?:\w{1,15} ){0,4}(?:exceed|full|reach|violat|over\b|hit|used|error|limit)/,
        'many',
      ],
      [
        /\b(?:diskquota|dquota|edquot|quotaexceeded|exceededquota|mailboxfull|mailquota)|\bquota\b/,
        'Exchange RESOLVER, Cyrus',
      ],
      [
        /(?:mailbox|inbox|mail ?box|account|user).{0,40}(?:too full|(?:exceed\w{0,4}|over) (?:\w{1,15} ){0,3}(?:limit|size|maximum|max)|limit exceeded|out of (?:room|space)|no (?:space|room))/,
        'Biglobe, many',
      ],
      [
        /exceeded (?:the )?(?:local )?limit|the number of messages in.{0,60}exceed|too many (?:stored )?(?:messages|mails) (?:in|on|stored)/,
        'Biglobe',
      ],
      [
        /mailbox (?:has )?(?:grown|too big)|boîte.{0,20}pleine|buz[oó]n.{0,20}lleno|postfach.{0,30}voll|casella.{0,20}piena|caixa.{0,20}cheia|почтовый ящик.{0,20}переполнен/,
        'other languages',
      ],
      [
        /メール ?ボックス.{0,20}(?:いっぱい|一杯|容量|満杯|超)|(?:容量|保存件数|受信上限|制限).{0,20}(?:超|オーバー|いっぱい|満)|受信箱.{0,12}いっぱい/,
        'Japanese providers',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'too-large',
    says: [
      [
        /(?:message|mail|e-?mail|content|attachment|data|body|header)s?(?:'s)? (?:file |length |size |header )?(?:is |was |are |size |length )?(?:\w{1,15} )?(?:too (?:big|large|long)|exceed|larger|over(?:size| the)|greater|bigger)/,
        'RFC 1870, many',
      ],
      [
        /(?:size|length) (?:\w{1,15} ){0,3}(?:exceed|limit|larger|too|over|greater)|(?:exceed\w{0,3}|over|larger than|above) (?:\w{1,15} ){0,5}(?:message|mail|maximum|max|fixed|file|allowed) (?:message |mail )?size|too big|too large\b/,
        'RFC 1870, many',
      ],
      [/(?:maximum|max\.?) (?:\w{1,15} )?(?:message|mail|file|allowed)? ?(?:size|length)/, 'many'],
    ],
  },
  {
    class: 'soft',
    reason: 'network',
    says: [
      [
        /host found but no data record|had no relevant answers|(?:couldn't|could not) find a mail exchanger or ip address|no mx found for (?:domain|destination)/,
        'Postfix, Gmail, qmail, OpenSMTPD: the domain is there, and its records may come back',
      ],
      [
        /(?:host|domain|name|dns)\b.{0,60}(?:\btry again|servfail)|dns\b.{0,40}(?:timeout|timed out|temporar)|(?:dns|name ?server|mx)(?: \w{1,15}){0,2} (?:lookup )?(?:timeout|timed out|temporar|soft|error: (?:servfail|timeout)|server failure)|servfail/,
        'resolvers',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'system',
    says: [
      [
        /resolver\.adr\.(?:ambiguous|badprimary|invalidinsmtp|recip(?:ient)?limit)|(?:several|multiple) matches (?:were )?found|recipient (?:user )?name .{0,120} not unique|ambiguous (?:address|recipient|alias)|too many results returned/,
        'Exchange, Domino, qmail-ldap: their directory has the recipient twice',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'temporary',
    says: [
      [
        /temporar(?:y|ily) (?:\w{1,15} )?(?:disabled|suspended|locked|unavailable|blocked|inactive|limited|deferred|rejected|refused|closed|failure|lookup|problem|error)|(?:disabled|suspended|unavailable|locked|inactive|rejected|deferred|refused) temporarily/,
        'many',
      ],
    ],
  },
]

/**
 * More of them, asked only when nothing says that the recipient does not exist: these words often accompany other
 * reasons.
 */
export const LATER_PASSING_TEXTS: readonly TextRules[] = [
  {
    class: 'soft',
    reason: 'expired',
    says: [
      [
        /(?:delivery|retry|queue|message)(?: time| lifetime)? ?-?(?:timeout|time-?out|expired|expiration|timed out)(?: exceeded)?|could not be delivered (?:within|for|after|in) (?:the last )?(?:\d|the)|(?:been )?(?:in (?:the )?queue|queued|undelivered) (?:too long|for (?:more|over|the last) )|too long (?:in|on) (?:the )?(?:\w{1,15} )?queue|(?:expired|exceeded).{0,30}(?:retr|ttl|lifetime|attempt)|retr(?:y|ies).{0,20}(?:exceeded|exhausted|expired)|have been (?:failing|unreachable) for (?:a long time|too long)|delivery attempts (?:were |have |been )/,
        'Exim, qmail, Postfix',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'network',
    says: [
      [
        /connection (?:was |has been |to \S{1,80} )?(?:refused|reset|timed? ?out|lost|dropped|closed|broken|failed|aborted|unexpectedly|died)|connect to \S{1,80}: |(?:no|network|host) route|network (?:is )?unreachable|host (?:is )?(?:unreachable|down|not respond)|lost connection|timed out (?:while|waiting|connecting|during)|operation timed out|conversation with|could not connect|cannot connect|unable to (?:establish|connect)|couldn't (?:establish|connect)|not respond(?:ing)?|did not respond|broken pipe|connection lost|unable to reach|wasn't able to establish an smtp|no answer from/,
        'Postfix, qmail, Exim',
      ],
      [
        /(?:loops? back|mail loop|(?:message|mail) (?:is )?looping|routing loop|loop(?:ing)? detected|too many hops|hop count|forwarding loop|mail forwarding|infinite loop)/,
        'RFC 3463 5.4.6',
      ],
      [/(?:ssl|tls)\b.{0,40}(?:error|fail|handshake|negotiat|unable|not available|cannot)/, 'RFC 3207'],
    ],
  },
  {
    class: 'soft',
    reason: 'temporary',
    says: [
      [
        /temporar|try (?:\w{1,15} )?(?:again )?later|try again|(?:server|service|system|resources?) (?:is |are |currently |too )*(?:busy|unavailable|not available|overload)|service shutting down|under maintenance|out of memory|insufficient system (?:storage|resources)|system (?:storage|load)|load average|resources temporarily/,
        'RFC 5321 4yz texts',
      ],
    ],
  },
  {
    class: 'soft',
    reason: 'system',
    says: [
      [
        /(?:disk|file ?system|no space left|spool).{0,20}(?:full|left)|local (?:configuration|error|system)|configuration error|unable to (?:open|create|write|lock|read)|can't (?:create|open|write|lock)|i\/o error|internal (?:server |software )?error|program (?:died|failed|exited)|unknown mailer error|command (?:died|time|failed|output)|cannot (?:append|create|open|update|start)|error writing|process(?:ing)? (?:error|failed)|bad file|server configuration|mailer error|pipe to|delivery agent|procmail|maildrop|lost input/,
        'Postfix pipe and local, Exim',
      ],
    ],
  },
]
