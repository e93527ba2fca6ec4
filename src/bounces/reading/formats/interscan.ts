import type { BounceFormat } from './format.ts'

/** Trend Micro InterScan Messaging Security Suite. */
export const INTERSCAN: BounceFormat = {
  name: 'InterScan',
  signs: [{ field: ['From', /^"?InterScan/i] }, { said: /^(?:Sent <<<|Received >>>) /im }],
  recipient: [
    /^(?:Sent|送信) ?<<< ?RCPT TO: ?<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>()/i,
    /Unable to deliver (?:the )?message to <([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>(.*)$/i,
  ],
  rules: [
    {
      class: 'hard',
      reason: 'user-unknown',
      says: [[/unable to deliver message to </, 'InterScan: of a recipient that it does not know']],
    },
  ],
}
