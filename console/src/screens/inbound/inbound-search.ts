export const OUTCOMES = [
  'hard',
  'soft',
  'sender',
  'complaint',
  'unsubscribed',
  'joined',
  'asked',
  'nothing',
  'not-understood',
] as const
type Outcome = (typeof OUTCOMES)[number]

/** Which incoming mail is shown, as kept in the address: what waits for somebody, unless all of it is asked for. */
export interface InboundSearch {
  show?: 'all'
  outcome?: Outcome
  cursor?: string
}

export const readInboundSearch = ({ show, outcome, cursor }: Record<string, unknown>): InboundSearch => ({
  ...(show === 'all' && { show }),
  ...(OUTCOMES.includes(outcome as Outcome) && { outcome: outcome as Outcome }),
  ...(typeof cursor === 'string' && { cursor }),
})
