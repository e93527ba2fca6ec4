import { useMutation } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { api, callAsPerson } from '../api/client.ts'
import { reach } from '../api/reach.ts'
import { useFailureNotice } from './use-failure-notice.ts'

/**
 * Makes a link download a file from the server: `<Anchor {...useDownload(href)}>`. The browser writes the file to disk
 * as it arrives and does not report an error answer, so the server is asked first whether the file may be downloaded. A
 * person who was signed out meanwhile signs in again in place, and a refusal is shown. `name` is for files that the
 * server does not name.
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
  // Asks the person to sign in again if necessary.
  await api.GET('/api/v1/me')
  if (await mayHave(href)) return
  // An answer to HEAD has no body that could say why.
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
