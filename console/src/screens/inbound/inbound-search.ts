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

/** Which mail that came in is shown, as it stands in the address: what waits for somebody unless all of it is asked for. */
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
