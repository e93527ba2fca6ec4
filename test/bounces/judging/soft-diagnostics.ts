import type { Diagnostic } from './diagnostics.ts'

/** What may be otherwise tomorrow. */
export const SOFT: readonly Diagnostic[] = [
  [
    'soft',
    '5.2.2',
    '552-5.2.2 The email account that you tried to reach is over quota. 552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm',
  ],
  ['soft', '5.2.2', '552 5.2.2 <taro@icloud.com>: user is over quota'],
  ['soft', '4.7.1', '450 4.7.1 MI:DMC mx5 please see http://mail.163.com'],
  ['soft', '4.0.0', '451 RP:CEL mxx, please see http://mail.163.com/help'],
  [
    'soft',
    '4.4.3',
    'Host or domain name not found. Name service error for name=docomo.ne.jp type=MX: Host not found, try again',
  ],
  ['soft', '5.2.2', '552 5.2.2 <taro@so-net.ne.jp>: mailbox quota exceeded'],
  ['soft', '5.2.2', "552 5.2.2 The number of messages in recipient's mailbox exceeded the local limit."],
  [
    'soft',
    '4.0.0',
    '451 Internal resource temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451',
  ],
  [
    'soft',
    '4.2.0',
    '450 4.2.0 <taro@example.org>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.org.html',
  ],
  ['soft', '4.7.1', '451 4.7.1 Greylisting in action, please come back later'],
  [
    'soft',
    '4.7.1',
    '450 4.7.1 <taro@example.org>: Recipient address rejected: Please see http://www.openspf.org; try again in 300s',
  ],
  [
    'soft',
    '4.2.1',
    '450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.',
  ],
  ['soft', '4.7.500', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77714)'],
  ['soft', '4.3.1', '452 4.3.1 Insufficient system resources (UsedDiskSpace[C:\\Program Files])'],
  ['soft', '4.2.2', '452 4.2.2 mailbox for taro full'],
  [
    'soft',
    '5.2.2',
    '550 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message',
  ],
  ['soft', '5.2.2', '552 Requested mail action aborted: exceeded storage allocation'],
  ['soft', '5.0.0', "550 taro@example.org 's mailbox has exceeded its storage limit"],
  ['soft', '5.2.2', "554 5.2.2 The recipient's inbox is out of storage space"],
  ['soft', '5.2.2', 'maildir over quota (Permission: No space left)'],
  ['soft', '5.0.0', '550 Account storage limit reached'],
  ['soft', '5.4.300', '550 5.4.300 Message expired -> 451 4.4.0 connection timed out'],
  [
    'soft',
    '4.4.2',
    'conversation with mx.example.org[192.0.2.9] timed out while receiving the initial server greeting',
  ],
  ['soft', '4.4.2', 'lost connection with mx.example.org[192.0.2.9] while sending RCPT TO'],
  ['soft', '5.4.6', 'mail for example.org loops back to myself'],
  ['soft', '5.4.14', '554 5.4.14 Hop count exceeded - possible mail loop ATTR34'],
  [
    'soft',
    '4.4.1',
    'delivery temporarily suspended: connect to mx.example.org[192.0.2.9]:25: Connection refused',
  ],
  ['soft', '5.2.2', '受信者のメールボックスの容量が一杯です'],
  ['soft', null, '554 Message looping (received 6 times)'],
  ['soft', null, '452-4.2.2 over quota, user unknown to the store'],
  [
    'soft',
    '5.4.4',
    'Host or domain name not found. Name service error for name=example.com type=AAAA: Host found but no data record of requested type',
  ],
  ['soft', '5.4.4', "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)"],
  ['soft', '5.1.4', '550 5.1.4 RESOLVER.ADR.Ambiguous; ambiguous address'],
  [
    'soft',
    '5.0.0',
    'Recipient user name taro (taro@example.com) not unique. Several matches found in Domino Directory.',
  ],
]
