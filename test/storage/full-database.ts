import { BACKUP_TABLES } from '../../src/storage/backup-tables.ts'
import type { Database } from '../../src/storage/database.ts'

const AWKWARD = [
  '',
  '購読 解除',
  'a\u2028b\u2029c',
  '"\\\n\r\t',
  '\u{1f4e7}',
  "it's",
  '𠮷野家',
  '[{"table":"site"}]',
]
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const LARGE = 2 ** 53 - 1

/** Puts rows into every table: more than a page of suppressions and kept mails, and texts that are easily spoilt. */
export async function fillDatabase(database: Database): Promise<void> {
  const { query } = database
  const texts = (index: number) => AWKWARD[index % AWKWARD.length] as string
  const suppressions = Array.from({ length: 2_050 }, (_, index) => ({
    address_key: `${index % 41}@example.com`,
    list_id: index,
    address: texts(index),
    active: 1 as const,
    since: index,
    requested_at: LARGE - index,
    resumed_at: index % 2 ? index : null,
    removed: 0 as const,
    expires_at: null,
    reason: 'unsubscribed',
    source: 'one-click',
    message_id: texts(index + 1),
    revision: index,
    before: null,
  }))
  const events = AWKWARD.map((address, index) => ({
    address_key: address,
    list_id: 1,
    recorded_at: index,
    kind: 'stop' as const,
    address,
    requested_at: index,
    reason: 'unsubscribed',
    source: 'one-click',
    message_id: null,
    older_mail: 0 as const,
    evidence_json: JSON.stringify({ userAgent: address, body: 'a\0b' }),
    before: null,
  }))
  const mails = Array.from({ length: 40 }, (_, index) => ({
    bucket: index % 3,
    message_id: index,
    raw: EVERY_BYTE,
  }))
  await database.transact([
    query.insertInto('suppression').values(suppressions),
    query.insertInto('event').values(events),
    query.insertInto('kept_mail').values(mails),
    query.insertInto('content').values([
      {
        id: 1,
        service_id: 1,
        template_json: '{}',
        raw: null,
        return_path: 'bounce@example.com',
        smtp_utf8: 1,
        stored_at: 1,
      },
      {
        id: 2,
        service_id: 1,
        template_json: '{}',
        raw: Buffer.alloc(0),
        return_path: '',
        smtp_utf8: 0,
        stored_at: 1,
      },
      {
        id: 3,
        service_id: 1,
        template_json: '{}',
        raw: Buffer.alloc(5_000_000, 7),
        return_path: null,
        smtp_utf8: 0,
        stored_at: 1,
      },
    ]),
    query.insertInto('id_block').values({ name: 'delivery', next: 1_001 }),
    query.insertInto('secret_key').values({ id: 'aaaaaa', check_value: 'c', purpose: 'ring', created_at: 1 }),
    query.insertInto('site').values({ id: 1, name: '店', created_at: 1 }),
    query.insertInto('service').values({
      id: 1,
      site_id: 1,
      name: 'news',
      time_zone: 'Asia/Tokyo',
      allowed_domains_json: '[]',
      lifetime_days_json: '{}',
      settings_json: '{}',
      page_json: '{}',
      created_at: 1,
    }),
    query.insertInto('service_logo').values({
      service_id: 1,
      logo_id: '0',
      type: 'image/png',
      width: 1,
      height: 1,
      bytes: EVERY_BYTE,
    }),
    query.insertInto('list').values({
      id: 1,
      service_id: 1,
      kind: 'sender',
      label: 'news@example.com',
      class_id: 'abcdefghij234567',
      lifetime_ms: null,
      takes_opaque: 0,
      archived_at: null,
      created_at: 1,
    }),
    query.insertInto('sender').values({
      service_id: 1,
      address_key: 'news@example.com',
      address: 'News@example.com',
      one_click: 1,
      list_id: 1,
      created_at: 1,
    }),
    query.insertInto('filter').values({
      list_id: 2,
      service_id: 1,
      name: '配信リストA',
      header: 'List-Id',
      pattern: '<a.example.com>',
      match: 'exact',
      position: 1,
      deleted_at: null,
      created_at: 1,
    }),
    query.insertInto('api_user').values({
      id: 1,
      site_id: 1,
      name: 'api@acme.example',
      key_hash: 'h',
      hash_key_id: 'aaaaaa',
      role: 'user',
      permissions_json: '[]',
      services_json: '[]',
      created_at: 1,
      last_used_at: 2,
      previous_key_hash: 'g',
      previous_hash_key_id: 'aaaaaa',
      previous_until: 3,
      previous_used_at: 2,
    }),
    query.insertInto('dkim_key').values({
      domain: 'example.com',
      selector: 'k1',
      algorithm: 'rsa-sha256',
      sealed_private_key: 'aaaaaa.x',
      public_key: 'p',
      service_id: 1,
      signs_from: 1,
      signs_until: null,
      created_at: 1,
    }),
    query.insertInto('inbound_mail').values({
      ...{ id: 1, service_id: null, kind: 'other', outcome: 'not-understood', report: null, address: null },
      ...{ bucket: null, message_id: null, detail_json: '{}', mail_from: '', rcpt_to: '購読@example.com' },
      ...{ client_address: '::1', received_at: 1, resolved_at: null, resolved_by: null },
      ...{ size: EVERY_BYTE.length, raw: EVERY_BYTE },
    }),
    query.insertInto('error_count').values({
      address_key: '購読@example.com',
      service_id: 1,
      address: '購読@example.com',
      tenths: 15,
      registered_at: 1,
      updated_at: LARGE,
    }),
    query.insertInto('unverified_request').values({
      id: 'u',
      class_id: 'abcdefghij234567',
      token: 't',
      key_id: 'bbbbbb',
      evidence_json: '{}',
      received_at: 1,
    }),
    query.insertInto('opaque_request').values({
      list_id: 1,
      day: '2026-01-01',
      part: '/\u00e9?x=1',
      received_at: 1,
      evidence_json: '{}',
    }),
    query.insertInto('delivery').values({
      id: 1,
      service_id: 1,
      request_id: null,
      reference: 'autumn',
      fingerprint: 'f',
      from_address: 'news@example.com',
      sender_key: 'news@example.com',
      subject: '件名',
      transactional: 0,
      state: 'active',
      send_at: 1,
      answer_json: '{}',
      created_by: 'api',
      created_at: 1,
    }),
    query.insertInto('message').values({
      bucket: 1,
      id: 1,
      delivery_id: 1,
      content_id: 1,
      service_id: 1,
      address: 'a@example.com',
      address_key: 'a@example.com',
      substitutions_json: null,
      copy_as: null,
      shown_to: null,
      unsubscribe_url: null,
      state: 'sent',
      excluded_list_id: null,
      excluded_reason: null,
      excluded_since: null,
      attempts: 1,
      lane: 1,
      due_at: 1,
      epoch: 1,
      reply: '250 ok',
      message_id: '1.1@example.com',
      accepted_at: 1,
      updated_at: 1,
    }),
    query.insertInto('day_count').values({
      service_id: 1,
      day: '2026-01-01',
      sender: 'news@example.com',
      outcome: 'excluded',
      list_id: 1,
      count: 3,
    }),
    query.insertInto('pending_resume').values({
      address_key: 'a@example.com',
      list_id: 1,
      service_id: 1,
      address: 'A@example.com',
      seen_requested_at: 1,
      asked_at: 2,
      source: 'api',
    }),
    query.insertInto('form').values({
      ...{ id: 'abcdefghij234567', service_id: 1, name: 'メルマガ', active: 1, revision: 2 },
      ...{ definition_json: '{}', created_at: 1, updated_at: 2 },
    }),
    query.insertInto('consent_text').values({ hash: 'abc', text: '同意します', kept_at: 1 }),
    query.insertInto('agreement').values({
      ...{ address_key: 'a@example.com', service_id: 1, agreed_at: 2, form_id: 'abcdefghij234567' },
      ...{ form_name: null, form_revision: 3, language: 'ja', text_hash: 'abc', evidence_json: null },
      ...{ confirmed_at: 4, confirmation_json: '{}' },
    }),
    query.insertInto('service_relay').values({ service_id: 1, sealed_url: 'aaaaaa.x' }),
    query.insertInto('audit_entry').values({
      id: 1,
      at: 1,
      actor: 'cli',
      action: 'x',
      site_id: null,
      subject: 's',
      detail_json: '{}',
    }),
    query.insertInto('lease').values({ name: 'bucket-1', owner: 'me', epoch: 1, expires_at: LARGE }),
  ])
}

/** Every row that a backup holds, by table, in the order of the key. */
export async function contentOf(database: Database): Promise<Record<string, Record<string, unknown>[]>> {
  const content: Record<string, Record<string, unknown>[]> = {}
  for (const { name, key } of BACKUP_TABLES) {
    const rows = await database.read(
      key.reduce(
        (select, column) => select.orderBy(column as 'name'),
        database.query.selectFrom(name as 'id_block').selectAll(),
      ),
    )
    content[name] = rows.map((row) => Object.fromEntries(Object.entries(row).toSorted().map(plain)))
  }
  return content
}

function plain([column, value]: [string, unknown]): [string, unknown] {
  return [column, value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value]
}
