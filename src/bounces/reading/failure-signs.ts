import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'

const REPORTER =
  /mailer-?daemon|post-?master|mail ?deliver\w*|mail[ -]?(?:system|admin|daemon|server|subsystem|router|gateway)|mail er-daemon|\bbounces?@|mdaemon|(?:delivery|mail) (?:agent|failure|subsystem|report)|internet mail|message delivery|sysadmin@|post_master@/i
const SUBJECT =
  /undeliver|un-?deliver|(?:deliver\w*|mail|message|notification)\b.{0,40}\b(?:fail|error|problem|unable|status|delay|impossible|unzustellbar)|fail\w{0,4}.{0,30}(?:deliver|notice|mail|message|send)|returned (?:mail|message|to sender)|return(?:ed)? mail|non-?deliver|could not (?:be )?(?:deliver|send)|couldn't be delivered|not (?:be )?delivered|rejected|unknown (?:user|recipient)|user unknown|bounce|nicht zugestellt|unzustellbar|non remis|[ée]chec|no entregado|配信(?:不能|できま|エラー|失敗|不可)|送信(?:エラー|失敗|できま)|不達|エラー(?:メール|通知)|戻り|届き?ません|退信|退回|投递失败|投遞失敗|발송 ?실패|전송 ?실패|반송|не ?доставлен|onbestelbaar|olevererbart|mancato recapito|non consegnat|niedostarcz|n[aã]o entregue|kan ikke leveres|ikke leveret|ei voi(?:tu)? toimittaa|mail system error/i
const DELAYED =
  /delayed (?:mail|\d{1,3} hours)|\(delay\)|delivery (?:is |has been |was )?delayed|has been delayed|warning message only|(?:will|is going to|we'll) (?:continue|keep|be) (?:to )?(?:try|retr)|still (?:trying|being retried|in the queue)|(?:has )?not (?:yet )?been delivered yet|not yet been delivered|could not (?:send|deliver) (?:\w{1,15} )?(?:message|mail) for (?:the )?(?:past|last)|message will be retried|mail delivery delayed|you do not need to resend|delivery attempts will continue|(?:配送|配信|送信|配達)が(?:遅延して(?:います|おります)|遅れて(?:います|おります))|(?:配送|配信|送信|配達)の?遅延(?:通知|のお知らせ)|再送(?:信)?を(?:続けます|続けています|継続します|継続しています)/i

/** Whether the name of a mail's sender is one that sends such reports. */
export function comesFromReporter({ fields }: MimePart): boolean {
  return REPORTER.test(valuesOf(fields, 'From')[0]?.slice(0, 1_000) ?? '')
}

/** Whether a mail reports a failure, judging by its sender and subject. */
export function looksLikeFailure(mail: MimePart, subject: string): boolean {
  const { fields } = mail
  const hasNullPath = valuesOf(fields, 'Return-Path').some((path) => /^<\s*>$/.test(path))
  return (
    comesFromReporter(mail) ||
    mail.contentType.type === 'multipart/report' ||
    SUBJECT.test(subject) ||
    hasNullPath ||
    valuesOf(fields, 'X-Failed-Recipients').length > 0
  )
}

/** Whether a report in prose is about a mail that is still being tried. */
export function looksDelayed(subject: string, said: string): boolean {
  return DELAYED.test(subject) || DELAYED.test(said.slice(0, 4_000))
}
