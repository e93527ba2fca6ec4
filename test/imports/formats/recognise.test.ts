import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recognise } from '../../../src/imports/formats/recognise.ts'

const ARARA = '送信先アドレス,メッセージID,登録解除日時'
const MAILCHIMP = 'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME'

const HEADERS = [
  ['status,reason,email,created', 'SendGrid bounces'],
  ['reason,email,created', 'SendGrid invalid emails'],
  ['ip,email,created', 'SendGrid spam reports'],
  ['email,created', 'SendGrid unsubscribes'],
  ['address,code,error,created_at', 'Mailgun bounces'],
  ['address,tags,created_at', 'Mailgun unsubscribes'],
  ['address,tag,created_at', 'Mailgun unsubscribes'],
  ['address,created_at', 'Mailgun complaints'],
  ['email,group_id,group_name,created_at', 'SendGrid group unsubscribes'],
  ['EmailAddress,Reason,LastUpdateTime', 'Amazon SES suppression list'],
  ['a@example.jp,BOUNCE', 'Amazon SES suppression list'],
  ['EmailAddress,SuppressionReason,Origin,CreatedAt', 'Postmark suppressions'],
  ['recipient,type,source,description,created,updated,subaccount_id', 'SparkPost suppression list'],
  ['recipient,type,source,description,transactional,non_transactional', 'SparkPost suppression list'],
  [`${MAILCHIMP},UNSUB_TIME,UNSUB_REASON,LEID`, 'Mailchimp unsubscribed contacts'],
  [`${MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE`, 'Mailchimp cleaned contacts'],
  [`${ARARA},配信フラグ`, 'アララ メッセージ ワンクリック登録解除リスト'],
  [`${ARARA},配信フラグ(1=配信対象 0=配信除外対象)`, 'アララ メッセージ ワンクリック登録解除リスト'],
  [`${ARARA},配信フラグ(1=配信対象)`, 'アララ メッセージ ワンクリック登録解除リスト'],
  ['from_address,user_id,target,timestamp', 'KARTE 購読停止リスト'],
  ['event_date,from_address,target,timestamp,user_id', 'KARTE 購読停止リスト'],
  ['created,email,id,occurred,status', 'Customers Mail Cloud ブロックリスト'],
  ['"created","email",”filtername”', 'Customers Mail Cloud 購読解除リスト'],
  ['address,reason,since,requestedAt,expiresAt,source,messageId,state,list', 'Kaijo list'],
  ['list,address,day,expiresAt,reason,since,requestedAt,source,messageId', 'Kaijo expiring'],
  ['recordedAt,requestedAt,list,kind,address,reason,source,messageId,olderMail,method', 'Kaijo events'],
] as const

describe('a header', () => {
  for (const [header, name] of HEADERS) {
    it(`${header} is ${name}`, () => {
      assert.equal(recognise(header.replaceAll('"', '').split(','))?.format.name, name)
    })
  }

  for (const header of [
    'name,mail',
    'email',
    'email,name',
    'address,scope,reason,created_at,id',
    'email,created,created',
    `${MAILCHIMP},LEID`,
    'a@example.jp,b@example.jp',
  ]) {
    it(`${header} is none that is known`, () => {
      assert.equal(recognise(header.split(',')), undefined)
    })
  }

  it('without a header is told from data', () => {
    assert.equal(recognise(['a@example.jp', 'COMPLAINT'])?.headless, true)
    assert.equal(recognise(['EmailAddress', 'Reason'])?.headless, false)
  })
})
