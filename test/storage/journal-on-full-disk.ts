/**
 * Appends to a journal, long entries and short ones by turns, until several were refused, and writes the numbers of
 * those that were acknowledged and refused to stdout. To be run under a limit of the size of files. Argument: the folder.
 */
import { openJournal } from '../../src/storage/journal.ts'

const journal = await openJournal<{ number: number; text: string }>(process.argv[2] ?? '')
const acknowledged: number[] = []
const refused: number[] = []
for (let number = 1; refused.length < 5; number++) {
  const text = 'x'.repeat(number % 2 === 0 ? 10 : 400)
  await journal.append({ number, text }).then(
    () => acknowledged.push(number),
    () => refused.push(number),
  )
}
process.stdout.write(JSON.stringify({ acknowledged, refused }))
