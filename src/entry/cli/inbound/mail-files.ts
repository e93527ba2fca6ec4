import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mistake } from '../failure.ts'

/** Where a Maildir has its mails; what is in `tmp` is not there yet. */
const MAILDIR = ['new', 'cur']

/** The files that a path stands for: itself, the mails of a Maildir, or what is in any other directory. `-` is stdin. */
export async function mailFiles(path: string): Promise<string[]> {
  if (path === '-') return [path]
  const found = await stat(path).catch((cause) => {
    throw mistake(`${path}: there is no such file`, cause)
  })
  if (!found.isDirectory()) return [path]
  const names = await readdir(path)
  const isMaildir = MAILDIR.every((name) => names.includes(name))
  const directories = isMaildir ? MAILDIR.map((name) => join(path, name)) : [path]
  const files = await Promise.all(directories.map(filesIn))
  return files.flat()
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  return files.map(({ name }) => join(directory, name)).sort()
}
