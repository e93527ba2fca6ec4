/** The length of every mail in the mail rows, header and body. */
const SIZE = 2_048
const FIELD = 'X-Bench'
const SUPPRESSED = 20
const MINE = new RegExp(`^${FIELD}: (\\d+)\\.(\\d+)\\r$`, 'm')
const LINE = 'This is one of the lines that make the mail as long as a short newsletter.\r\n'

/** The field that the row's filter looks at. */
export const CAMPAIGN = { header: 'X-Campaign', value: 'weekly' }

/** The recipient of mail number `serial`. Nobody gets two. */
export function recipientOf(serial: number): string {
  return `user${(Math.imul(serial, 2_654_435_761) >>> 0).toString(36)}.${serial}@mail${serial % 50}.example`
}

/** Whether the recipient is on a list: one in twenty is. */
export function isSuppressed(serial: number): boolean {
  return serial % SUPPRESSED === 0
}

/** A text mail of 2 KB as it goes over the wire, including the final dot. No two have the same body. */
export function mailOf({ from, run, serial }: { from: string; run: number; serial: number }): string {
  const head = [
    `From: Example <${from}>`,
    `To: ${recipientOf(serial)}`,
    `Subject: News of week ${run}`,
    'Date: Mon, 02 Nov 2026 09:00:00 +0900',
    `Message-ID: <${run}.${serial}@${from.slice(from.indexOf('@') + 1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    `${CAMPAIGN.header}: ${CAMPAIGN.value}`,
    `${FIELD}: ${run}.${serial}`,
    '',
    `Dear reader ${serial},`,
    '',
  ].join('\r\n')
  const body = LINE.repeat(Math.ceil(SIZE / LINE.length)).slice(0, SIZE - head.length - 2)
  return `${head}${body}\r\n.\r\n`
}

/** The run and serial of a mail, read from its header; undefined for mail that is not the bench's. */
export function readNumbers(head: string): { run: number; serial: number } | undefined {
  const [, run, serial] = MINE.exec(head) ?? []
  return run && serial ? { run: Number(run), serial: Number(serial) } : undefined
}
