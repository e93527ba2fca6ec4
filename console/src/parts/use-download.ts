import { useMutation } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { api, callAsPerson } from '../api/client.ts'
import { reach } from '../api/reach.ts'
import { useFailureNotice } from './use-failure-notice.ts'

/**
 * What makes a link download a file of the server: `<Anchor {...useDownload(href)}>`. The browser writes the file to disk as it comes, and
 * tells nobody of an answer that is none; so that the server is asked first whether the file may be had. Whoever was signed out
 * meanwhile signs in where they are, and what is refused is told. `name` is for a file that the server does not name.
 */
export function useDownload(href: string, name = '') {
  const tell = useFailureNotice()
  const { mutate, isPending } = useMutation({
    mutationFn: () => makeSure(href),
    onSuccess: () => start(href, name),
    onError: tell,
  })
  const onClick = (event: MouseEvent) => {
    event.preventDefault()
    if (!isPending) mutate()
  }
  return { href, download: name, onClick, 'aria-busy': isPending }
}

async function makeSure(href: string): Promise<void> {
  if (await mayHave(href)) return
  // Asks to sign in again where that is what it takes.
  await api.GET('/api/v1/me')
  if (await mayHave(href)) return
  // An answer to HEAD has no words.
  const { body } = await callAsPerson(() => new Request(href))
  await body?.cancel()
}

const mayHave = (href: string) => reach(href, { method: 'HEAD' }).then(({ ok }) => ok)

function start(href: string, name: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}
