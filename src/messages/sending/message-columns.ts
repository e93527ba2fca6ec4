import type { MessageTable } from '../../storage/mail-tables.ts'

/** The columns of `message` as a row set has them. */
export const MESSAGE_COLUMNS = {
  bucket: 'integer',
  id: 'integer',
  delivery_id: 'integer',
  content_id: 'integer',
  service_id: 'integer',
  address: 'text',
  address_key: 'text',
  substitutions_json: 'text',
  unsubscribe_url: 'text',
  copy_as: 'text',
  shown_to: 'text',
  state: 'text',
  excluded_list_id: 'integer',
  excluded_reason: 'text',
  excluded_since: 'integer',
  attempts: 'integer',
  lane: 'integer',
  due_at: 'integer',
  epoch: 'integer',
  reply: 'text',
  message_id: 'text',
  accepted_at: 'integer',
  updated_at: 'integer',
} as const satisfies Record<keyof MessageTable, 'text' | 'integer'>

export const MESSAGE_COLUMN_NAMES = Object.keys(MESSAGE_COLUMNS) as (keyof MessageTable)[]
