import { bounceUnlessPassing, type KnownFormat, oneOf } from './known-format.ts'

const SENDGRID = 'https://www.twilio.com/docs/sendgrid/ui/sending-email/index-suppressions'
const MAILGUN = 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun'
const MAILCHIMP = 'https://mailchimp.com/help/view-export-contacts/'

/** Exports of mail services, by their headers. */
export const PROVIDER_FORMATS: readonly KnownFormat[] = [
  {
    // Bounces and blocks have the same header; the files are named suppression_bounces.csv and suppression_blocks.csv.
    name: 'SendGrid bounces',
    source: SENDGRID,
    header: ['status', 'reason', 'email', 'created'],
    address: 'email',
    times: ['created'],
    text: 'reason',
    verdict: (cells, fileName) => (/block/i.test(fileName) ? 'block' : bounceUnlessPassing('status')(cells)),
  },
  {
    name: 'SendGrid invalid emails',
    source: SENDGRID,
    header: ['reason', 'email', 'created'],
    address: 'email',
    times: ['created'],
    text: 'reason',
    verdict: () => 'bounce',
  },
  {
    name: 'SendGrid spam reports',
    source: SENDGRID,
    header: ['ip', 'email', 'created'],
    address: 'email',
    times: ['created'],
    verdict: () => 'complaint',
  },
  {
    name: 'SendGrid unsubscribes',
    source: SENDGRID,
    header: ['email', 'created'],
    address: 'email',
    times: ['created'],
    verdict: () => 'unsubscribe',
  },
  {
    // Unsubscribed from one of its groups, which have no counterpart here.
    name: 'SendGrid group unsubscribes',
    source:
      'https://www.twilio.com/docs/sendgrid/api-reference/suppressions-suppressions/retrieve-all-suppressions',
    header: ['email', 'group_id', 'group_name', 'created_at'],
    address: 'email',
    times: ['created_at'],
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Mailgun bounces',
    source: `${MAILGUN}/bounces`,
    header: ['address', 'code', 'error', 'created_at'],
    address: 'address',
    times: ['created_at'],
    text: 'error',
    verdict: bounceUnlessPassing('code'),
  },
  {
    name: 'Mailgun unsubscribes',
    source: `${MAILGUN}/unsubscribe`,
    header: ['address', 'tags', 'created_at'],
    address: 'address',
    times: ['created_at'],
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Mailgun unsubscribes',
    source: `${MAILGUN}/unsubscribe`,
    header: ['address', 'tag', 'created_at'],
    address: 'address',
    times: ['created_at'],
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Mailgun complaints',
    source: `${MAILGUN}/complaints`,
    header: ['address', 'created_at'],
    address: 'address',
    times: ['created_at'],
    verdict: () => 'complaint',
  },
  {
    name: 'Amazon SES suppression list',
    source: 'https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SuppressedDestinationSummary.html',
    header: ['emailaddress', 'reason'],
    optional: ['lastupdatetime'],
    address: 'emailaddress',
    times: ['lastupdatetime'],
    verdict: oneOf('reason', { bounce: 'bounce', complaint: 'complaint' }),
  },
  {
    name: 'Postmark suppressions',
    source: 'https://postmarkapp.com/developer/api/suppressions-api',
    header: ['emailaddress', 'suppressionreason'],
    optional: ['origin', 'createdat'],
    address: 'emailaddress',
    times: ['createdat'],
    verdict: (cells) =>
      oneOf('suppressionreason', {
        hardbounce: 'bounce',
        spamcomplaint: 'complaint',
        // By the recipient, through the link in a mail; or by hand, by the customer or Postmark.
        manualsuppression: cells('origin').toLowerCase() === 'recipient' ? 'unsubscribe' : 'block',
      })(cells),
  },
  {
    name: 'SparkPost suppression list',
    source: 'https://developers.sparkpost.com/api/suppression-list/',
    header: ['recipient', 'type'],
    optional: [
      'source',
      'description',
      'created',
      'updated',
      'subaccount_id',
      'list_id',
      'transactional',
      'non_transactional',
    ],
    address: 'recipient',
    times: ['updated', 'created'],
    text: 'description',
    verdict: (cells) =>
      (
        ({
          'bounce rule': 'bounce',
          'spam complaint': 'complaint',
          fbl: 'complaint',
          'list unsubscribe': 'unsubscribe',
          'unsubscribe link': 'unsubscribe',
        }) as const
      )[cells('source').toLowerCase()] ??
      oneOf('type', { non_transactional: 'unsubscribe', transactional: 'block' })(cells),
  },
  {
    name: 'Mailchimp unsubscribed contacts',
    source: MAILCHIMP,
    header: ['email address', 'unsub_time'],
    optional: 'any',
    address: 'email address',
    times: ['unsub_time'],
    text: 'unsub_reason',
    verdict: () => 'unsubscribe',
  },
  {
    name: 'Mailchimp cleaned contacts',
    source: MAILCHIMP,
    header: ['email address', 'clean_time'],
    optional: 'any',
    address: 'email address',
    times: ['clean_time'],
    verdict: () => 'bounce',
  },
]
