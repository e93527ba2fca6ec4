import type { BounceFormat } from './format.ts'

/** Exchange 5.5 to 2019 and Office 365, where the report part is lost or never was. */
export const EXCHANGE: BounceFormat = {
  name: 'Exchange',
  signs: [
    {
      said: /^\s{0,20}(?:did not reach the following recipient|The following recipient\(s\) (?:could not be reached|cannot be reached))/im,
    },
    {
      said: /Delivery has failed to these recipients|Generating server:|Diagnostic information for administrators|couldn't be delivered|wasn't found at/i,
    },
    { field: ['X-MS-Embedded-Report', /^/] },
    { field: ['X-Mailer', /^(?:Internet Mail Service|Microsoft Exchange)/] },
  ],
  recipient: [
    /^\s*(?:'[^']{1,100}' )?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}) on (?:\w{3},|\d{1,2}[/.]).*$/,
    /^\s*.{0,200}SMTP=([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253});? on .*$/i,
    /^\s*([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})(?:<mailto:[^<>]{1,300}>|\(mailto:[^()]{1,300}\))?\s*$/,
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [
        [/\(000c05a6\)|recipient name is not recogni[sz]ed/, 'Exchange 5.5: unknown recipient'],
        [
          /resolver\.adr\.(?:recipnotfound|exrecipnotfound|recipientnotfound)|recipnotfound/,
          'Exchange 2007 and later',
        ],
        [
          /wasn't found at|couldn't be found (?:at|or)|e-?mail address you (?:entered|typed) (?:couldn't|could not) be found/,
          'Exchange 2010, Office 365',
        ],
      ],
    },
    {
      class: 'ours',
      reason: 'relaying',
      says: [[/\(000b09aa\).{0,40}relay|unable to relay/, 'Exchange 5.5']],
    },
    {
      class: 'ours',
      reason: 'policy',
      says: [
        [
          /resolver\.rst\.(?:notauthorized|authrequired|sendersizelimit|restrict)|don't have permission|delivery to this (?:address|recipient) is restricted|only accepts (?:mail|messages) from/,
          'Exchange transport restrictions',
        ],
      ],
    },
  ],
}
