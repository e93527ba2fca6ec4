export const NEWS = 'sender:news@example.com'

interface OtherFile {
  name: string
  query?: string
  file: string | Buffer
  listed: string[]
  skipped?: string[]
}

/** 送信先アドレス,メッセージID,登録解除日時,配信フラグ in encodings that Node reads and does not write. */
const IN_SHIFT_JIS = [
  ['\x91\x97\x90M\x90\xe6\x83A\x83h\x83\x8c\x83X', '\x83\x81\x83b\x83Z\x81[\x83WID'],
  ['\x93o\x98^\x89\xf0\x8f\x9c\x93\xfa\x8e\x9e', '\x94z\x90M\x83t\x83\x89\x83O'],
].flat()
const IN_EUC_JP = [
  ['\xc1\xf7\xbf\xae\xc0\xe8\xa5\xa2\xa5\xc9\xa5\xec\xa5\xb9', '\xa5\xe1\xa5\xc3\xa5\xbb\xa1\xbc\xa5\xb8ID'],
  ['\xc5\xd0\xcf\xbf\xb2\xf2\xbd\xfc\xc6\xfc\xbb\xfe', '\xc7\xdb\xbf\xae\xa5\xd5\xa5\xe9\xa5\xb0'],
].flat()
const bytes = (text: string) => Buffer.from(text, 'latin1')

/** What other systems export, and who is then on which list, why and since when. */
export const FILES: readonly OtherFile[] = [
  {
    name: 'SendGrid bounces',
    file:
      'status,reason,email,created\n' +
      '5.1.1,"550 5.1.1 no, such ""user""",a@example.jp,1795221005\n' +
      '4.2.2,452 4.2.2 mailbox full,b@example.jp,1795221005\n' +
      '5.7.1,550 5.7.1 refused,c@example.jp,1795221005\n',
    listed: [
      'a@example.jp hard-bounces user-unknown 2026-11-21T00:30:05.000Z',
      'c@example.jp hard-bounces listed 2026-11-21T00:30:05.000Z',
    ],
    skipped: ['3,b@example.jp,4.2.2 is a passing failure'],
  },
  {
    name: 'SendGrid blocks',
    query: '&name=suppression_blocks.csv',
    file: 'status,reason,email,created\n4.0.0,blocked,a@example.jp,1795221005\n',
    listed: ['a@example.jp blocklist blocked 2026-11-21T00:30:05.000Z'],
  },
  {
    name: 'SendGrid spam reports',
    file: 'ip,email,created\n192.0.2.1,a@example.jp,1795221005\n',
    listed: ['a@example.jp complaints complaint 2026-11-21T00:30:05.000Z'],
  },
  {
    name: 'SendGrid unsubscribes of a sender',
    query: '&sender=News@Example.com',
    file: 'email,created\na@example.jp,1795221005\n',
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`],
  },
  {
    name: 'Mailgun bounces',
    file:
      'address,code,error,created_at\n' +
      'a@example.jp,550,5.2.1 disabled,"Sat, 21 Nov 2026 00:30:05 UTC"\n' +
      'b@example.jp,421,busy,"Sat, 21 Nov 2026 00:30:05 UTC"\n',
    listed: ['a@example.jp hard-bounces disabled 2026-11-21T00:30:05.000Z'],
    skipped: ['3,b@example.jp,421 is a passing failure'],
  },
  {
    name: 'Amazon SES without a header',
    file: 'a@example.jp,BOUNCE\nb@example.jp, COMPLAINT\n',
    listed: [
      'a@example.jp hard-bounces listed 2026-11-25T00:30:00.000Z',
      'b@example.jp complaints complaint 2026-11-25T00:30:00.000Z',
    ],
  },
  {
    name: 'Postmark suppressions, several lists at once',
    query: '&filter=Tips',
    file:
      'EmailAddress,SuppressionReason,Origin,CreatedAt\n' +
      'd@example.jp,HardBounce,Recipient,2026-11-20T19:30:05-05:00\n' +
      'c@example.jp,SpamComplaint,Recipient,2026-11-20T19:30:05-05:00\n' +
      'b@example.jp,ManualSuppression,Recipient,2026-11-20T19:30:05-05:00\n' +
      'a@example.jp,ManualSuppression,Customer,2026-11-20T19:30:05-05:00\n' +
      'e@example.jp,Unknown,Customer,2026-11-20T19:30:05-05:00\n',
    listed: [
      'a@example.jp blocklist blocked 2026-11-21T00:30:05.000Z',
      'b@example.jp filter:Tips unsubscribed 2026-11-21T00:30:05.000Z',
      'c@example.jp complaints complaint 2026-11-21T00:30:05.000Z',
      'd@example.jp hard-bounces listed 2026-11-21T00:30:05.000Z',
    ],
    skipped: ['6,e@example.jp,"suppressionreason is unknown, which stops nothing"'],
  },
  {
    name: 'SparkPost suppression list',
    query: '&sender=news@example.com',
    file:
      'recipient,type,source,description,created,updated\n' +
      'a@example.jp,transactional,Bounce Rule,550 5.1.1 unknown,2026-11-20T00:00:00+00:00,2026-11-21T00:30:05+00:00\n' +
      'b@example.jp,non_transactional,Manually Added,,2026-11-21T00:30:05+00:00,\n',
    listed: [
      'a@example.jp hard-bounces user-unknown 2026-11-21T00:30:05.000Z',
      `b@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`,
    ],
  },
  {
    name: 'Mailchimp cleaned contacts',
    file: 'Email Address,First Name,CLEAN_TIME\na@example.jp,花子,2026-11-21 09:30:05\n',
    listed: ['a@example.jp hard-bounces listed 2026-11-21T00:30:05.000Z'],
  },
  {
    name: 'the one-click list of arara, with its flags and a time without an offset',
    query: '&sender=news@example.com',
    file:
      '送信先アドレス,メッセージID,登録解除日時,配信フラグ\n' +
      'a@example.jp,<1.2@example.com>,2026-11-19T09:30:05+09:00,0\n' +
      'a@example.jp,1.3@example.com,2026-11-21T09:30:05,0\n' +
      'b@example.jp,1.2@example.com,2026-11-21T09:30:05+09:00,1\n',
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`],
    skipped: ['4,b@example.jp,配信フラグ is 1: mail is delivered again'],
  },
  {
    name: 'the one-click list of arara in Shift_JIS, without quotes',
    query: '&sender=news@example.com',
    file: bytes(
      `${IN_SHIFT_JIS.join(',')}\r\na@example.jp,1.2@example.com,2026-11-21T09:30:05+09:00,0\r\n` +
        'b@example.jp,1.2@example.com,2026-11-21T09:30:05+09:00,1\r\n',
    ),
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`],
    skipped: ['3,b@example.jp,配信フラグ is 1: mail is delivered again'],
  },
  {
    name: 'the one-click list of arara in Shift_JIS, with quotes and what its flag means',
    query: '&sender=news@example.com',
    file: bytes(
      `"${IN_SHIFT_JIS.join('","')}(1=\x94z\x90M)"\r\n"a@example.jp","1","2026-11-21T09:30:05+09:00","0"\r\n`,
    ),
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`],
  },
  {
    name: 'the one-click list of arara in EUC-JP',
    query: '&sender=news@example.com',
    file: bytes(`${IN_EUC_JP.join(',')}\na@example.jp,1,2026-11-21T09:30:05+09:00,0\n`),
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`],
  },
  {
    name: 'the stop list of KARTE, with the sender in each row, a byte order mark and columns that its page does not name',
    file:
      '\ufefffrom_address,user_id,target,timestamp,campaign_id\n' +
      'news@example.com,7,a@example.jp,2026-11-21 00:30:05.123456 UTC,c\n',
    listed: [`a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.123Z`],
  },
  {
    name: 'the stop list of KARTE, with several user ids of one address',
    file:
      'from_address,user_id,target,timestamp\n' +
      'news@example.com,7,a@example.jp,2026-11-21 00:30:05 UTC\n' +
      'news@example.com,8,a@example.jp,2026-11-21 00:30:05 UTC\n' +
      'Old@example.com,,b@example.jp,2026-11-21 00:30:05 UTC\n',
    listed: [
      `a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`,
      'b@example.jp sender:old@example.com unsubscribed 2026-11-21T00:30:05.000Z',
    ],
  },
  {
    name: 'the list of Customers Mail Cloud, with the filter in each row',
    file: '"created","email","filtername"\r\n"2026-11-21 09:30:05","a@example.jp","Tips"\r\n',
    listed: ['a@example.jp filter:Tips unsubscribed 2026-11-21T00:30:05.000Z'],
  },
  {
    name: 'the block list of Customers Mail Cloud, with the number of the reason in each row',
    file:
      '"created","email","id","occurred","status"\r\n' +
      '"2026-11-21 09:30:05","a@example.jp","x1","3","2"\r\n' +
      '"2026-11-21 09:30:05","b@example.jp","x2","1","1"\r\n' +
      '"2026-11-21 09:30:05","c@example.jp","x3","1","99"\r\n',
    listed: [
      'a@example.jp hard-bounces user-unknown 2026-11-21T00:30:05.000Z',
      'b@example.jp hard-bounces host-unknown 2026-11-21T00:30:05.000Z',
      'c@example.jp blocklist blocked 2026-11-21T00:30:05.000Z',
    ],
  },
  {
    name: 'group unsubscribes of SendGrid',
    query: '&filter=Tips',
    file: 'email,group_id,group_name,created_at\na@example.jp,7,Weekly,1795221005\n',
    listed: ['a@example.jp filter:Tips unsubscribed 2026-11-21T00:30:05.000Z'],
  },
  {
    name: 'Mailgun unsubscribes, of which one does not know its time',
    query: '&sender=news@example.com',
    file:
      'address,tags,created_at\n' +
      'a@example.jp,*,"Sat, 21 Nov 2026 00:30:05 UTC"\n' +
      'b@example.jp,*,"Mon, 01 Jan 0001 00:00:00 UTC"\n',
    listed: [
      `a@example.jp ${NEWS} unsubscribed 2026-11-21T00:30:05.000Z`,
      `b@example.jp ${NEWS} unsubscribed 2026-11-25T00:30:00.000Z`,
    ],
  },
]
