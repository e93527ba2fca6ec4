import type { TextRules } from './rule.ts'

/** A recipient's refusal of a sender: whomever the words blame, it is the recipient's wish. Asked before all others. */
export const RECIPIENT_WISHES: readonly TextRules[] = [
  {
    class: 'hard',
    reason: 'refused',
    says: [
      [
        /(?:blocked|rejected|refused|denied) by (?:the |this )?(?:recipient|addressee)(?!'?s? (?:domain|server|mail|e-?mail|polic|system|organi|host|network|site|provider|spam|anti|gateway|firewall|isp\b|admin|security))/,
        'Outlook, Yahoo',
      ],
      [
        /\b(?:recipient|addressee|user|mailbox|owner|customer|subscriber|person|he|she)(?: <?\S{1,64}@\S{1,100})? (?:has |have |is |will |currently |now |permanently |explicitly )*(?:refus(?:es|ed|ing)|reject(?:s|ed|ing)|block(?:s|ed|ing)|bann(?:ed|ing)|declin(?:es|ed|ing)|denies|(?:(?:does|do|will) not|doesn't|don't|won't|no longer|never) (?:want|wish|accept|receive|allow)(?:e?s)?) (?:to (?:accept|receive|get|read) )?(?:(?:any |all |more |further |future |e-?mails? |mails? |messages? |mailings? |newsletters? |anything )*from (?:you\b|(?:the|this) sender\b|your (?:e-?mail )?address\b|<?\S{1,64}@\S)|you\b|(?:the|this) sender\b|your (?:e-?mail )?address\b)(?! (?:range|because|due|as|since|unless|until|without|at this time)\b)/,
        'a person who refuses a person',
      ],
      [
        /(?:\byou(?: are|'re| were| have been)|\bsender(?: address)?(?: \S{1,100})? (?:is|was)) (?:\w{1,15} )?(?:on|in|to) (?:the |this )?(?:recipient|addressee|user|mailbox owner|owner|customer|subscriber)(?:'s|s')? (?:own |personal |private )?(?:block|black|reject|deny|ignore)(?:ed)?[ -]?(?:senders? )?list|\b(?:recipient|addressee|user|owner|subscriber)(?:'s|s')? (?:own |personal |private )(?:block|black|reject|deny|ignore)(?:ed)?[ -]?(?:senders? )?list/,
        'lists of their own',
      ],
      [
        /\b(?:recipient|addressee|user|owner|customer|subscriber|he|she) (?:has |have )?(?:(?:added|put|placed) (?:you|the sender|this sender|your (?:e-?mail )?address) (?:to|on|in)\b|opted[ -]out)/,
        'the same, and those who opted out',
      ],
    ],
  },
]

/** Words that say that this recipient takes no mail, for good, in the order of asking. */
export const RECIPIENT_TEXTS: readonly TextRules[] = [
  {
    class: 'hard',
    reason: 'moved',
    says: [
      [
        /(?:user|recipient|mailbox|account|address|person|he|she|has|e-?mail).{0,30}(?:has |have )?(?:moved|been replaced|has changed|address changed|changed (?:his|her|their) (?:e-?mail|address))(?! to trash)/,
        'Sendmail redirect, qmail',
      ],
      [
        /(?:please )?(?:use|try) (?:the )?(?:new|other|following) (?:e-?mail )?address|user has moved|has moved to|new address is|no longer (?:reads|uses|using) this|address (?:is )?no longer (?:in use|used)|replaced by/,
        'Sendmail redirect',
      ],
      [/551 (?:5\.\d+\.\d+ )?(?:user not local|.{0,40}please (?:try|forward))/, 'RFC 5321 §3.4'],
    ],
  },
  {
    class: 'hard',
    reason: 'disabled',
    says: [
      [
        /(?:is|has been) currently suspended|suspend(?:s|ed)? the service|no longer accepts? mail|extended inactivity|mailbox (?:\S{1,100} )?unavailable or access denied|destinataire archiv|mail receiving disabled/,
        'many',
      ],

      [
        /(?:tried|trying) to (?:reach|contact) is (?:inactive|disabled|over quota and inactive)/,
        'Gmail 5.2.1',
      ],
      [
        /(?:account|mailbox|user|recipient|address|mail ?-?box|inbox|alias|customer)(?:\(s\)|'s)?(?: \S{1,100}| account| mailbox| address| e-?mail| here)? (?:has |have |is |are |was |been |were |has been |currently |now |already |permanently |account |has expired and )*(?:disabled|inactive|suspended|deactivated|de-activated|inactivated|locked|closed|terminated|expired|frozen|cancelled|canceled|discontinued|blocked|not active|not activated|not enabled|shut ?down|archived|dormant|removed|deleted|retired|in ?valid state|unavailable due to|no longer active|on hold|barred|abandoned|not accepting)(?! (?:you|your|the sender|this sender|mail|e-?mail|messages?)\b)(?! (?:for|due to|because of) (?:\w{1,15} ){0,2}(?:spam|polic|quota|sending|abuse))/,
        'many',
      ],
      [
        /(?:disabled|inactive|suspended|deactivated|locked|closed|expired|blocked|deleted|terminated|dormant|abandoned|retired) (?:account|mailbox|user|recipient|address|customer|e-?mail)/,
        'many',
      ],
      [
        /not accepting (?:messages|mail|e-?mail)s?|(?:mailbox|account|user).{0,30}(?:not|isn't|is not|never) (?:active|activated|enabled|accepting|in use|logged)|has(?:n't| not) (?:been )?(?:activated|logged|checked|used)|account.{0,30}(?:not active|not accept)/,
        'RFC 3463 5.2.1, many',
      ],
      [/休止|停止中|利用停止|解約|凍結|無効(?:です|な(?:メール)?アドレス|になって)/, 'Japanese providers'],
    ],
  },
  {
    class: 'hard',
    reason: 'user-unknown',
    says: [
      [
        /can't accept user|is not an active address|account (?:is )?unavailable|not email addresses|\bcuda_nsu\b|in name directory|rcpt .{1,120} (?:does not|doesn't) exist|destination server rejected recipients/,
        'many',
      ],
      [
        /\bbad[-_]recipient\b|no matches to (?:name ?server|directory) query|archived recipient|recipient mailbox is not allowed|address_not_found|no such (?:mail ?drop|entity|entry|object)|(?:was not|wasn't|not) found in (?:the )?ldap|\S@\S{1,100} (?:is |was )?no(?:t| longer) (?:exist|local\b)|(?:did not|does not|doesn't|didn't) (?:exactly )?match an? |all recipient addresses rejected/,
        'Unix sites, directories, Gmail',
      ],
      [
        /(?:5\.1\.0 (?:<[^<>]{1,120}>:? ?|\S{1,100}@\S{1,100}:? ?)|>: )recipient address rejected(?! by)(?:\.|:? ?$)|address rejected[.,]? ?\(in reply to rcpt|5\.1\.0 address rejected[.,:]? <?\S{1,100}@/,
        'Charter, Cox, au one net: in reply to RCPT, without a word about the sender',
      ],

      [
        /(?:no|not) such (?:a |an |local |e-?mail |mail )?(?:user|recipient|mailbox|person|account|address|addressee|mail ?box|email|id|name|customer|alias|local|member|login|subscriber|home|here|virtual)/,
        'Exim, many',
      ],
      [
        /(?:user|recipient|mailbox|account|address|mail ?box|addressee|local ?part|userid|login|username|member|customer|alias|mail drop)(?:\(s\)|s|'s)?(?: name| address| account| id| e-?mail| mailbox| part)?:? ?(?:<[^<>]{1,120}>|\[[^\]]{1,120}\]|\([^()]{1,120}\)|"[^"]{1,120}"|'[^']{1,120}'|\S{1,100}@\S{1,100}|\S{1,60})?:? ?(?:is |was |are |were |does |do |did |has |have |been |could |can |currently |here |either |specified |provided |you entered |to which you|in the \w{1,10} |you specified |you are trying |at this (?:domain|host|server) )*(?:unknown|not found|not known|does ?n[o']t exist|do ?n[o']t exist|did ?n[o']t exist|not exist|non-?exist[ea]nt|no longer exist|no longer (?:valid|available|on|here|with|a |in|at|recogni)|not recogni[sz]ed|not (?:a )?valid|in ?valid|un ?recogni[sz]ed|unrouteable|unroutable|undeliverable|not (?:be )?(?:found|located|identified|matched|resolved|verified|available|listed|defined|configured|registered|present|in (?:our|the|my)|here|local|hosted|on this|my|ours)|cannot be found|bad|not unique|is ?n[o']t (?:known|valid|here|listed|registered|found|recogni)|undefined|wrong|incorrect|missing|rejected: (?:user|unknown|undeliverable|no such)|not handled|without (?:a )?mailbox)/,
        'many',
      ],
      [
        /(?:unknown|in ?valid|non-?existent|nonexist[ea]nt|un ?recogni[sz]ed|unrouteable|unroutable|undeliverable|bad|illegal|undefined|wrong|incorrect|unresolvable|unregistered) (?:or (?:illegal|invalid|inactive|unknown|disabled) )?(?:virtual |local |destination |recipient |e-?mail |mail |user |internal |final |rcpt |account |or )*(?:user|recipient|mailbox|account|address|addressee|local[- ]?part|e-?mail|alias|mail ?box|name|userid|destination|customer|final delivery|rcpt|member|part)/,
        'many',
      ],
      [
        /(?:user|recipient|mailbox|account|address) ?(?:unknown|unkown|uknown|invalid|nonexistent)|unknownuser|userunknown|nosuchuser|recipnotfound|recipientnotfound|resolver\.adr\.(?:recip|exrecip|invalid|bad)|invalidrecipient|resolver\.adr|address_?unknown/,
        'Exchange RESOLVER',
      ],
      [
        /(?:does ?n[o']t|do ?n[o']t|don't|doesn't|did not|do not|does not|could ?n[o']t|could not|cannot|can ?n[o']t|can't|unable to|failed to|not able to|wasn't|was not) (?:\w{1,15} ){0,2}(?:have|find|found|recogni[sz]e|locate|look up|lookup|identify|match|know|resolve|verify|handle|list) (?:an? |any |the |such |this |that |your |such an? |any such )?(?:\S{1,80} )?(?:user|recipient|mailbox|account|address|addressee|mail ?box|e-?mail|alias|inbox|name|person|customer|destination mailbox)\b/,
        'many',
      ],
      [
        /(?:have|has|is|there is|there's|there are|got) no (?:such )?(?:mailbox|user|account|recipient|person|mail ?box|address|inbox|one)(?! (?:to send|permission))|no (?:mailbox|account|user|mail ?box|recipient|one) (?:here|by|with|called|of|for|named|on|at|matching|found|available|exists?)|nobody (?:here|by)|no valid (?:recipients?|addresses|mailbox|users?|hosts? for)|no (?:matching|existing) (?:user|recipient|account|mailbox|address)|no recipients? (?:found|in|here)|no mailbox/,
        'qmail, chkusr',
      ],
      [
        /(?:address|recipient|mailbox|e-?mail|account)(?: \S{1,100})? (?:was |is |were |has been )?(?:not found|not listed|couldn't be found|could not be found|wasn't found|can't be found|cannot be found|not (?:be )?found|does ?n[o']t exist)|(?:couldn't|could not) be found|wasn't found at|(?:isn't|is not) (?:listed|in (?:the|our)|known|here|on (?:this|the|our)|registered|a (?:known|valid|local|registered|user|mailbox))/,
        'Exchange, Gmail',
      ],
      [
        /not listed in (?:the )?(?:public )?(?:domino|name|lotus|notes|directory)|not (?:unique )?(?:found |listed )?in (?:the |public )?(?:domino )?(?:directory|name (?:&|and) address|address book)|recipient name is not recogni|(?:e-?mail )?(?:account|address) (?:does not|doesn't) exist at|e-?mail account that you tried to reach|unable to deliver.{0,20}unknown recipient/,
        'Lotus, Domino, Exchange 5.5, Gmail',
      ],
      [
        /who are you looking for|never heard of|isn't a .{0,30}(?:user|account)|this (?:user|account|address) does(?:n't| not) (?:have|exist)|not our customer|(?:is|are) not (?:a |our )?(?:customer|subscriber|local (?:user|host|address))|delivery to (?:the )?(?:following )?recipient.{0,20}\bunknown|not a (?:valid|known|local|registered|deliverable) (?:user|mailbox|recipient|address|account|e-?mail)|non(?:-| )?local (?:user|recipient)|no longer (?:employed|works?|with (?:us|the))|has left (?:the )?(?:company|organi)|left the company/,
        'many',
      ],
      [
        /recipient address rejected: (?:access denied|undeliverable|unknown|unverified address: (?:host .{0,80} said: 55)|user|no such|invalid|address|mailbox)|address rejected: (?:user|unknown)|\brecipient not ok\b|550 (?:5\.\d+\.\d+ )?(?:<[^<>]{1,120}> ?)?(?:address )?(?:unknown|invalid recipient|not exist|recipient rejected)/,
        'Postfix, Exchange Online',
      ],
      [
        /requested (?:mail )?action not taken: mailbox (?:unavailable|not found|name not allowed)|mailbox not (?:here|exist|found)|\bnot a user\b|address error|mailbox does ?n[o']t|can't verify recipient|delivery error: dd (?:this user|requested)|sorry your message to \S{1,120} cannot be delivered|(?:bad|invalid|incorrect) destination|unrout(?:e)?able (?:mail )?(?:address|domain)?|this user doesn't have|dd this user|is not a valid/,
        'RFC 5321 §4.2.2, Yahoo, Outlook.com, Exim',
      ],
      [
        /宛先.{0,24}(?:見つか|存在し|不明|ございま|誤|間違|ありません|正しく)|(?:メール)?アドレス.{0,24}(?:存在し|見つか|不明|ございま|ありません|間違|正しく)|ユーザー?[がは]?(?:い|おり|居|存在し|見つから)(?:ない|ません)|ユーザー?.{0,16}(?:存在し|見つか|不明|おりま|いません)|存在しない(?:メール)?(?:アドレス|ユーザー?|宛先)|該当.{0,12}(?:ユーザー?|アドレス).{0,12}(?:ありま|おりま|存在)|メールボックス.{0,12}(?:存在し|見つか)/,
        'Japanese providers',
      ],
    ],
  },
  {
    class: 'hard',
    reason: 'host-unknown',
    says: [
      [/recipient(?:'s)? domain must exist|because the domain is not reachable/, 'many'],
      [
        /all host address lookups failed permanently|an mx or srv record indicated no smtp service|destination seems? to reject all mails?|\(nullmx\)/,
        'Exim, OpenSMTPD',
      ],

      [
        /(?:host|domain|site|server|hostname)(?: name)?(?: or domain name)?:? ?(?:<[^<>]{1,120}>|\([^()]{1,120}\)|"[^"]{1,120}"|'[^']{1,120}'|\S{1,100})? ?(?:is |was |does |has |name |part |lookup |currently |could |either )*(?:unknown|not found|not known|does ?n[o']t exist|not exist|non-?existent|invalid|no longer exist|not (?:be )?(?:found|resolved|recogni[sz]ed|valid|registered)|unresolv|undefined|no mx|has no (?:mx|mail)|expired|not accept (?:any )?(?:mail|e-?mail|messages)(?! from))/,
        'Postfix, Sendmail, Exim',
      ],
      [
        /(?:unknown|invalid|non-?existent|bad|illegal|unresolvable|unrouteable|undefined|no such) (?:mail |remote |destination |recipient |recipient's |e-?mail |local |domain or )?(?:host|domain|hostname|site|system)/,
        'Sendmail, Exim',
      ],
      [
        /\bnxdomain\b|name or service not known|(?:no|any|null) (?:mx|mail exchanger)\b|mx (?:record|lookup|list|host)s? .{0,60}(?:not found|no (?:valid|such|records)|null|points? to|fail|exist)|mail exchanger.{0,30}(?:not|none|no )|couldn't find (?:any |an? )?(?:host|mail|mx|exchanger|route)|(?:can't|cannot|unable to|could not|couldn't|could n[o']t) (?:find|resolve|locate|look ?up|lookup|route to|determine) (?:\w{1,15} ){0,4}(?:host|domain|hostname|mx|server|ip|dns|address of|name server|a host|any host|any mx|destination)|all relevant mx records|no (?:host|mail server|mail host|dns|a record|relevant)|retry time not reached for any host$|dns (?:error|failure|lookup)[^.]{0,40}(?:not found|no such|nonexist|nxdomain|domain)|no route to domain/,
        'qmail, Exim, Gmail',
      ],
      [
        /(?:host|domain|server|system|site|machine)(?: \S{1,80})? (?:does not|doesn't|do not|don't|will not|won't|never|is not|isn't|not) (?:\w{1,15} )?(?:accept(?:ing)?|receiv(?:e|ing)|handle|process|support) (?:any |smtp |incoming |inbound |e-?)*(?:mail|messages|smtp)(?! from)|smtp protocol returned an error: 521|is not a mail ?(?:server|host)|no smtp (?:service|server) here|null mx/,
        'RFC 7504, RFC 7505',
      ],
      [
        /ドメイン.{0,20}(?:存在し|見つか|不明|誤|間違)|(?:ホスト|サーバー?).{0,12}(?:存在し|見つか)/,
        'Japanese providers',
      ],
    ],
  },
  {
    class: 'hard',
    reason: 'refused',
    says: [
      [
        /\bbadrc?p?t?(?:to|recipientto)\b|badrecipientto|envelope recipient has been denied/,
        'qmail and its patches',
      ],

      [
        /(?:recipient|user|mailbox|addressee|owner|customer|subscriber|he|she)(?: (?!provider|server|system|domain|network|polic|organi|host)\S{1,100})? (?:has |have |is |will |currently |now )*(?:refus(?:es|ed|ing)|reject(?:s|ed|ing)|block(?:s|ed|ing)|declin(?:es|ed|ing)|denies|(?:does not|doesn't|do not|don't|will not|won't|no longer) (?:want|accept|wish|receive)s?) (?:to (?:accept|receive) )?(?:your|any|all|this|you)\b/,
        'many',
      ],
      [
        /(?:blocked|rejected|refused|denied|filtered|declined|not accepted) by (?:the )?(?:recipient|user|mailbox|addressee|owner|customer)|(?:in|on) (?:the |this )?(?:recipient|user)'?s? (?:personal )?(?:block|black|reject|deny|filter)|unsubscribed|don't (?:want|send me) (?:your|any)/,
        'many',
      ],
      [/受信(?:を)?拒否|受信(?:を)?許可していない|拒否設定|指定受信|ドメイン指定/, 'Japanese carriers'],
    ],
  },
]
