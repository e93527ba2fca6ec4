import type { TextRules } from './rule.ts'

/** Words that blame the sender where no status code says more. */
export const VAGUE_SENDER_TEXTS: readonly TextRules[] = [
  {
    class: 'ours',
    reason: 'content',
    says: [
      [
        /(?:message|mail|e-?mail|content|body|subject|url|link|header)s? (?:content )?(?:has been |have been |was |were |is |are )?(?:\w{1,15} )?(?:rejected|blocked|refused|denied|filtered|not accepted|not allowed|prohibited|unacceptable)(?! (?:by|as) (?:the )?(?:recipient|user|mailbox))/,
        'many',
      ],
    ],
  },
  {
    class: 'ours',
    reason: 'policy',
    says: [
      [
        /transaction (?:failed|rejected)|access denied|not allowed|prohibited|forbidden|blocked|permission/,
        'many',
      ],
    ],
  },
]

/** Words that mean a missing recipient where nothing says more. */
export const VAGUE_RECIPIENT_TEXTS: readonly TextRules[] = [
  {
    class: 'hard',
    reason: 'user-unknown',
    says: [
      [
        /mailbox (?:is )?unavail?able|does(?:n't| not) exist|\S@\S{1,100} unknown\b|<[^<>]{1,120}> (?:was )?not found|mailbox name not allowed|mailbox (?:not|is not|isn't) available/,
        'RFC 5321 §4.2.2',
      ],
      [
        /recipient (?:address )?(?:was |is )?(?:rejected|refused|not accepted|verify fail|verification fail)|call ?-?(?:out|back) verification fail|does not like recipient/,
        'Exim',
      ],
    ],
  },
]
