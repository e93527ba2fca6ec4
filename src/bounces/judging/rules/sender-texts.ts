import type { TextRules } from './rule.ts'

/** Words that blame the sender, in the order of asking: the more telling before the vaguer. */
export const SENDER_TEXTS: readonly TextRules[] = [
  {
    class: 'ours',
    reason: 'suppressed',
    says: [
      [/\bsuppression list\b/, 'Amazon SES, SendGrid: their own list refused it'],
      [/address is suppressed|recipient is suppressed|suppressed (?:due to|because)/, 'SendGrid, Mailgun'],
      [/\bbounced address\b.{0,40}\bnot (?:sent|deliver)/, 'SendGrid'],
    ],
  },
  {
    class: 'ours',
    reason: 'authentication',
    says: [
      [/(?:address|identit\w{1,3}) (?:is|are) not verified/, 'Amazon SES'],

      [/\bdmarc\b/, 'Gmail, Yahoo, Outlook'],
      [/\bdkim\b/, 'Gmail, mail.ru'],
      [/\bspf\b(?![\w.-]*\.(?:com|net|org|jp))/, 'Postfix policyd-spf, Exim'],
      [/sender policy framework/, 'pypolicyd-spf'],
      [/sender id \(pra\)|sender ?id.{0,20}\bfail/, 'Exchange 5.7.1'],
      [/unauthenticated (?:e-?mail|mail|sender|message)/, 'Gmail 5.7.26'],
      [/not? (?:pass|passing) (?:the )?authentication|authentication checks?\b/, 'Gmail 5.7.26'],
      [/(?:client|sender|smtp|user)? ?authentication (?:is )?(?:required|failed|unsuccessful)/, 'RFC 4954'],
      [/must (?:be )?(?:authenticate|issue a starttls)/, 'RFC 4954, RFC 3207'],
      [/(?:isn't|is not|not) authori[sz]ed to (?:send|relay|use)/, 'Exchange Online, Gmail'],
      [
        /not (?:permitted|allowed|authori[sz]ed) to send (?:mail|e-?mail|messages?|as|on behalf|from)/,
        'Postfix, Exchange',
      ],
      [/forged|spoof/, 'many'],
    ],
  },
  {
    class: 'ours',
    reason: 'reverse-dns',
    says: [
      [/\bptr\b/, 'Gmail 5.7.25'],
      [/reverse (?:dns|ip|lookup|address|hostname|mapping)|reverse-?dns|\brdns\b/, 'Postfix, Exim'],
      [/dns check fail|invalid dns (?:mx|ptr|a\/aaaa)/, 'QQ, GMX: the sender’s domain or host'],
      [/cannot find your (?:reverse )?hostname|fix reverse/, 'Postfix reject_unknown_client'],
      [
        /cannot resolve your (?:ip )?(?:address|domain)|(?:could not|unable to|can't) resolve.{0,20}\b(?:your|client) (?:ip|host)/,
        'old Sendmail sites',
      ],
      [
        /(?:client|your|sending|connecting) (?:ip |smtp )?(?:host ?name|host|server|address).{0,40}(?:not found|does(?:n't| not) resolve|is unresolvable|no valid)/,
        'Postfix',
      ],
      [
        /helo.{0,60}(?:rejected|refused|invalid|not found|mismatch|denied|unknown|bad|own)|(?:invalid|bad|access denied).{0,30}\b(?:helo|ehlo)\b/,
        'Postfix reject_*_helo_hostname',
      ],
      [
        /dynamic (?:ip|address|pool|host)|(?:generic|residential|dial-?up) (?:ip|host|address|ptr|client)/,
        'Comcast, AOL',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'block-list',
    says: [
      [
        /\bip(?: address)? \S{1,60} (?:is |was |has been )?(?:\w{1,15} )?(?:blocked|banned|denied|refused|rejected|listed)|use the smtp server of your isp|open proxy|no access from mail server/,
        'EarthLink, Sendmail',
      ],

      [/black ?-?list|block ?-?list|deny ?-?list|\bdnsbl\b|\brbls?\b|\brbl[-:.]|\bdnswl\b/, 'RFC 5782 lists'],
      [
        /spamhaus|spamcop|sorbs|barracuda ?central|uceprotect|senderscore|cloudmark|trustedsource|mailspike|invaluement|abuseat|njabl|dsbl\.org|ordb\.org|mail-abuse|spamrats|rfc-ignorant|cbl\.|\bsurbl\b|\buribl\b|proofpoint\.com\/|ipcheck\.proofpoint/,
        'names of lists',
      ],
      [
        /blocked (?:using|(?:at|by|in|from) \S{0,80}\.(?:org|net|com|jp|de|info|eu)\b)/,
        'Postfix reject_rbl_client',
      ],
      [
        /(?:is|are|been|was|currently) (?:listed (?!in the directory)|on (?:our|a|the) .{0,20}block)|(?<!not )(?<!n't )(?<!longer )\blisted (?:in|at|on|by) /,
        'Postfix, Exim',
      ],
      [
        /(?:\bip|host|server|network|address range|client|connection|domain|sender|mail from.{1,60}) (?:\S{1,60} )?(?:has been|have been|is|are|was) (?:\w{1,15} )?(?:blocked|banned|denied|refused|rejected)(?! by (?:the |this )?(?:recipient|user|mailbox|addressee))/,
        'many',
      ],
      [
        /banned (?:sending|sender|ip|host)|(?:your|sending|client) ip\b.{0,40}(?:block|ban|reject|deni|refus)/,
        'QQ, mail.ru',
      ],
      [/s3140|s3150|\(s\d{4}\)|part of their network is on our block/, 'Outlook.com'],
      [
        /you are not allowed to connect|connection (?:refused|rejected|dropped|not allowed).{0,30}(?:policy|reputation)/,
        'Mimecast, Cisco',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'reputation',
    says: [
      [/\baup#/, 'Spectrum'],

      [/reputation|\btss\d\d\b|\[ts\d\d\]/, 'Gmail, Yahoo, Cisco'],
      [/unusual (?:rate|amount|volume) of (?:unsolicited|spam)|unsolicited/, 'Gmail 5.7.1'],
      [/(?:complaints?|abuse) (?:from|about|by|rate|have|has)|user complaints/, 'Yahoo 421 TS01, AOL'],
      [
        /(?:dyn|hvu|rly|rtr|con|ipts|sn?d):[a-z]{1,2}\d|postmaster\.(?:info\.)?(?:aol|yahoo)/,
        'AOL, Yahoo error pages',
      ],
      [/errors?-?messages?\?ip=|error-messages\?/, 'GMX, WEB.DE, IONOS pages about the sending address'],
      [/will not accept (?:delivery of )?this (?:message|mail|e-?mail)\b/, 'AOL 521'],
      [/\bip frequency limit/, 'QQ'],
      [/bad (?:ip|host)\b|low (?:sender )?score|poor (?:sender|ip)/, 'Cisco, others'],
    ],
  },
  {
    class: 'ours',
    reason: 'virus',
    says: [
      [/potentially executable|executable attachment/, 'Exim'],

      [/\bvirus|infected|malware|trojan|\bworm\b|phishing/, 'ClamAV, amavisd'],
      [
        /(?:attachment|file ?type|file extension|executable|banned name).{0,40}(?:not allowed|blocked|banned|forbidden|not accept|denied|reject)|banned (?:content|file|attachment)|(?:disallowed|illegal|prohibited) (?:attachment|file)/,
        'amavisd, Gmail 5.7.0',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'content',
    says: [
      [/accept\w{0,3} (?:mail|messages?|e-?mails?) (?:with|containing)/, 'AOL'],

      [
        /\bdt:(?:spm|sum)\b|\bmi:(?:spb|sps)\b|\bspam(?!haus|cop)(?:my|s|ming|mer)?\b|\bspam[_-]|\buce\b|\bjunk\b|\bube\b|\bbulk (?:e-?mail|mail|message)/,
        'SpamAssassin, many',
      ],
      [
        /(?:reject|refus|block|deni)\w{0,4} (?:for|due to|because of|based on|by) (?:\w{1,15} ){0,2}(?:content|spam|filter)/,
        'many',
      ],
      [
        /content filter|content restriction|content[- ]?scan|high[- ]probability|scored? (?:too )?high|rejected as |considered (?:as )?(?:spam|unsolicited|bulk)|looks? like (?:spam|bulk)|too (?:much )?spam|message (?:looks|seems|appears)/,
        'many',
      ],
      [
        /(?:bare|stray) (?:lf|cr|newline)|line (?:is )?too long|(?:missing|invalid|duplicate|malformed|multiple|bad|illegal) (?:\S{1,20} )?(?:header|date|from:|message-id|mime|8-?bit|address(?:es)? in)|not rfc ?\d|rfc ?\d{3,4}[- ](?:compliant|violation|format)|not compliant/,
        'Gmail 5.7.1, Exim',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'relaying',
    says: [
      [/registered gateway user/, 'old hosts'],

      [
        /\brelay(?:ing)?(?: access| mail| attempt| operation| is)? ?(?:was |is |has been )?(?:denied|not (?:permitted|allowed|authori[sz]ed)|prohibited|rejected|refused|forbidden|restricted|disabled)/,
        'Postfix, Sendmail, Exim',
      ],
      [
        /(?:unable to|cannot|can't|will not|won't|don't|do not|does not|doesn't|not (?:allowed|permitted|authori[sz]ed) to|refuse to|no) relay/,
        'Exchange, IIS',
      ],
      [
        /not (?:in (?:my|our|the) )?(?:list of allowed |allowed )?rcpthosts|isn't in my list of allowed|not allowed rcpt/,
        'qmail',
      ],
      [
        /we (?:do not|don't) relay|open relay|relay(?:ing)? (?:mail )?(?:to|for|from|through)|must (?:check|authenticate).{0,20}before|pop before|insecure mail relay/,
        'MailEnable, Sendmail',
      ],
      [/(?:not|isn't) (?:a )?gateway/, 'old hosts'],
    ],
  },
  {
    class: 'ours',
    reason: 'sender',
    says: [
      [
        /\bbatv\b|backscatter|bouncedeny|(?:third-party|unsigned) dsns?|returned mail not accepted|domain does not exist: |invalid domain, see|\bfor (?:the )?sender\b|fully qualified email address|syntax error: empty/,
        'SonicWall, MDaemon, McAfee',
      ],

      [/in reply to (?:the )?(?:mail|helo|ehlo)\b/, 'Postfix: the recipient was not named yet'],
      [
        /(?:sender(?:'s)?|originator|return address|reply-to|return[- ]path|envelope[- ]from|mail from|from:? (?:address|domain|header))(?: address| domain| verify| verification| mailbox)?s?:? .{0,60}(?:reject|refus|denied|invalid|not (?:found|exist|allowed|accept|permit|valid|authori)|does(?:n't| not) (?:exist|resolve)|unknown|fail|bad|block|ban|forbid|deny|unverif|could not|couldn't|unable|cannot|can't|must|missing|malform)/,
        'Postfix reject_*_sender, Exim callouts',
      ],
      [
        /(?:invalid|unknown|bad|unverified|unresolvable|unroute?able|bogus|unacceptable|blocked|forbidden|reject(?:ed|ing)?|malformed|missing|verify|null|empty) (?:the |your |return |envelope |mail )?(?:sender|from\b|originator|return[- ]path)/,
        'Exim, qmail',
      ],
      [
        /domain of sender|sender'?s? domain|your domain|your (?:e-?mail )?(?:address|server|host|ip|network|system|mail server)\b.{0,60}(?:reject|refus|deni|block|not|ban|fail|restrict)/,
        'Sendmail 5.1.8',
      ],
      [
        /(?:don't|do not|does not|doesn't|won't|will not|not|refus\w{1,3}(?: to)?) (?:accept|receive|allow)(?:ing|ed)? (?:\w{1,15} ){0,3}from (?:\S{1,64}@\S|your|this|that|the sender|\d|<|senders?\b|hosts?\b|dynamic|outside|external|you\b)/,
        'many',
      ],
      [/(?:null|empty|blank) (?:reverse|return|sender|from)/, 'many'],
      [
        /(?:your|sending|sender'?s?) account (?:has been |is |was )?(?:disabled|suspended|locked|blocked)/,
        'many',
      ],
      [
        /sender was rejected|my name was rejected|\be2110\b|identity of (?:the )?sender/,
        'qmail, Bell Canada',
      ],
      [
        /\b(?:helo|ehlo|client|mail ?server|connecting|sending|relaying) (?:\w{1,15} ){0,4}(?:host|domain|hostname|dns)\b.{0,30}(?:unknown|not found|not exist|invalid|no such)|(?:domain|host)\b.{0,20}(?:unknown|not found|not exist|invalid) (?:in|for) (?:the )?(?:helo|ehlo|sender|client|mail from)/,
        'Postfix reject_unknown_*, many',
      ],
      [
        /(?:exp[ée]diteur|[ée]metteur|remitente|absender|mittente|remetente|отправител|nadawc|afzender|avs[äa]ndare|发件人|寄件者)\S{0,4}.{0,30}(?:inconnu|invalid|refus|rejet|bloqu|desconocid|rechaz|unbekannt|ung[üu]ltig|abgelehnt|gesperrt|sconosciut|rifiutat|bloccat|неизвест|запрещ|отклон|nieznan|odrzucon|onbekend|geweigerd|nekad|nie istnieje|existiert nicht|n'existe pas|no existe|non esiste|n[aã]o existe|не существует|bestaat niet|finns inte|不存在|拒绝|拒絕)/,
        'other languages',
      ],
      [
        /(?:送信者|差出人|発信者|送信元)の?(?:メール)?(?:アドレス|ドメイン).{0,12}(?:存在し|見つか|不正|無効|不明|確認でき|解決)/,
        'Japanese providers',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'policy',
    says: [
      [/polic(?:y|ies)\b/, 'many'],
      [
        /(?:administrative(?:ly)?|security) (?:prohibit|reject|den|block|reason|restrict)|for security reasons|delivery not authori[sz]ed, message refused/,
        'Postfix, Exchange',
      ],
      [
        /(?:rejected|refused|blocked|denied) (?:by|due to|because|for) (?:\w{1,15} ){0,2}(?:administrator|rule|firewall|security|header|milter|system|its|it)\b/,
        'many',
      ],
      [
        /(?:starttls|tls|encryption) (?:is )?(?:required|needed|mandatory)|must issue a starttls|requires? (?:tls|encryption)/,
        'RFC 3207',
      ],
      [
        /only (?:accept|allow)|allowed senders?|only (?:members|authenticated|subscribers|owner)|not (?:a )?member|restricted (?:address|recipient|group|list|sender)|senders? (?:not|is not|isn't|are not) (?:in|on|allowed|authori)/,
        'mailing lists, Exchange 5.7.1',
      ],
      [
        /not authori[sz]ed\b|(?:do not|don't) have (?:the )?permission|no permission|permission denied|restrictdomain|\bnot permitted to\b/,
        'Exchange 5.7.1',
      ],
    ],
  },
]
