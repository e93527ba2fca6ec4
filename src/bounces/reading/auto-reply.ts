import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'

/** Fields that programs put into their answers (RFC 3834 §5, and usage from before it). */
const SIGNS: readonly (readonly [name: string, value: RegExp])[] = [
  ['Auto-Submitted', /^auto-(?:replied|notified)/i],
  ['X-Autoreply', /./],
  ['X-Autorespond', /./],
  ['X-Auto-Reply', /./],
  ['X-Autoresponder', /./],
  ['X-Mail-Autoreply', /./],
  ['X-Auto-Response-Suppress', /\b(?:OOF|AutoReply|All)\b/i],
  ['Precedence', /^auto_?reply/i],
  ['Delivered-To', /^Autoresponder/i],
]
const SUBJECT =
  /^\s*(?:\W{0,3}(?:auto(?:matic|mated)?[ -]?(?:reply|response|responder|answer)|autoreply|out of (?:the )?office|away from|on (?:vacation|holiday|leave)|vacation|absence|abwesenheit|automatische? antwort|r[ée]ponse automatique|absence du bureau|respuesta autom[aá]tica|risposta automatica|自動(?:応答|返信|送信)|不在)|.{0,80}(?:is out of the office|out of office|自動応答|自動返信|不在(?:通知|連絡|のお知らせ)))/i

/** Whether a program wrote this mail, by its fields and `subject`. That includes servers that report failures. */
export function isAutoReply(mail: MimePart, subject: string): boolean {
  return isAnswerOfPerson(mail, subject) || SIGNS.some(([name, value]) => hasField(mail, name, value))
}

/** Whether a program answered in a person's name: a notice of absence, which no server would send. */
export function isAnswerOfPerson(mail: MimePart, subject: string): boolean {
  return SUBJECT.test(subject) || hasField(mail, 'X-Auto-Response-Suppress', /\b(?:OOF|AutoReply)\b/i)
}

function hasField({ fields }: MimePart, name: string, value: RegExp): boolean {
  return valuesOf(fields, name).some((text) => value.test(text.slice(0, 1_000)))
}
