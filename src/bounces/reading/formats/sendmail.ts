import type { BounceFormat } from './format.ts'

/** Sendmail 5 and 8, and what imitates them: the failed addresses, then the transcript of the session. */
export const SENDMAIL: BounceFormat = {
  name: 'Sendmail',
  signs: [
    {
      said: /----- (?:The following addresses had|Transcript of session follows|Recipients of this delivery|Unsent message below|Unsent message follows)/i,
    },
    { said: /^The original message was received at /im },
  ],
}
