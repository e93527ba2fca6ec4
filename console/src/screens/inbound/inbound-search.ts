/** Which mail that came in is shown, as it stands in the address: what waits for somebody unless all of it is asked for. */
export interface InboundSearch {
  show?: 'all'
  cursor?: string
}

export const readInboundSearch = ({ show, cursor }: Record<string, unknown>): InboundSearch => ({
  ...(show === 'all' && { show }),
  ...(typeof cursor === 'string' && { cursor }),
})
