/** A mail that came in, as the API tells it. */
export interface ReceivedMail {
  id: number
  serviceId: number | null
  kind: string
  outcome: string
  address: string | null
  detail: Record<string, unknown>
  sender: string | null
  recipient: string | null
  receivedAt: string
  resolvedAt: string | null
  resolvedBy: string | null
  size: number
}

/** One line of a listing. */
export function receivedLine({ id, receivedAt, kind, outcome, address, detail }: ReceivedMail): string {
  const why = [detail['why'], detail['reason'], detail['status'], detail['feedbackType']]
  return [id, receivedAt, kind, outcome, address ?? '-', why.filter(Boolean).join(' ') || '-'].join('\t')
}

/** Everything about one, as sentences. */
export function receivedLines(mail: ReceivedMail): string[] {
  const { id, serviceId, sender, recipient, size, detail, resolvedAt, resolvedBy } = mail
  const details = Object.entries(detail).filter(([, value]) => value !== null)
  return [
    `mail ${id}: ${mail.kind}, ${mail.outcome}${mail.address === null ? '' : `, about ${mail.address}`}`,
    `came ${mail.receivedAt}, ${size} octets, from ${sender === null ? 'nobody knows whom' : `<${sender}>`} to ${recipient ?? 'nobody knows whom'}`,
    serviceId === null ? 'of no service' : `of service ${serviceId}`,
    ...details.map(([name, value]) => `${name}: ${String(value)}`),
    ...(resolvedAt === null ? [] : [`seen to ${resolvedAt} by ${resolvedBy}`]),
  ]
}
