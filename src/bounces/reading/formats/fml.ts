import type { BounceFormat } from './format.ts'

/** fml, a mailing list manager: it rejects posts, no recipient is missing. */
export const FML: BounceFormat = {
  name: 'fml',
  signs: [
    { field: ['X-MLServer', /fml/i] },
    {
      said: /^\s{0,10}(?:Duplicated Message-ID|You are not a member of this mailing list|NOT MEMBER article)/im,
    },
  ],
  recipient: [
    /<([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>\.?()$/,
    /mailing list <?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})>?(.*)$/i,
  ],
  rules: [
    {
      class: 'ours',
      reason: 'policy',
      says: [[/not (?:a )?member|reject mail from|reject since|security alert|spam mail from/, 'fml']],
    },
    {
      class: 'soft',
      reason: 'system',
      says: [[/duplicated message-id|loop (?:alert|back|condition)|system error message/, 'fml']],
    },
  ],
}
