import { isLoopback } from '../../../config/host.ts'
import type { Config } from '../../../config/to-config.ts'
import { newClassId } from '../../../kernel/ids.ts'
import { noticeText } from '../../../pages/notice-page.ts'
import { nothingToDo } from '../../../unsubscribe/answer.ts'
import { type Check, type Finding, failed, judged, ok, reasonOf, warning } from './check.ts'

const NAME = 'public URL'
const LONGEST_MS = 5_000
const CERTIFICATE_CODES = /CERT|SIGNATURE|TLS|SSL/
const LEAD_HERE = 'Have the proxy or DNS lead KAIJO_PUBLIC_URL, path and all, to this Kaijo.'

/**
 * Fetches a link of a list that does not exist, as a mailbox provider would: Kaijo itself has to answer, without a
 * redirect, a cookie or a sign-in (RFC 8058 section 3.1).
 */
export function publicUrlCheck(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  parts: { fetch: typeof fetch },
): Check {
  return {
    name: NAME,
    run: async () => {
      const findings = [await probe(publicUrl.href, parts.fetch)]
      if (publicUrl.href.startsWith('https:') && !isOnThisMachine(publicUrl.href)) return findings
      const advice = 'Set KAIJO_PUBLIC_URL to the https URL that recipients and mailbox providers reach.'
      const local = warning('https', `${publicUrl.href} is for this machine alone`, advice)
      return [...findings, judged('url-local', publicUrl.href, local)]
    },
  }
}

async function probe(publicUrl: string, fetchUrl: typeof fetch): Promise<Finding> {
  try {
    const response = await fetchUrl(`${publicUrl}/${newClassId()}`, {
      redirect: 'manual',
      headers: { accept: 'text/plain', 'accept-language': 'en' },
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    return judge(publicUrl, response, await response.text())
  } catch (error) {
    const reason = reasonOf((error as Error).cause ?? error)
    if (CERTIFICATE_CODES.test(reason)) {
      const advice = 'Mailbox providers refuse it too: install a certificate for this name, with its chain.'
      const finding = failed(NAME, `${publicUrl} has no certificate to be trusted (${reason})`, advice)
      return judged('url-untrusted', `${publicUrl} (${reason})`, finding)
    }
    const advice = 'It may still be reachable from outside; from a machine with a network, look again.'
    const finding = warning(NAME, `${publicUrl} cannot be reached from here (${reason})`, advice)
    return judged('url-unreachable', `${publicUrl} (${reason})`, finding)
  }
}

function judge(publicUrl: string, { status, headers }: Response, body: string): Finding {
  const seen = `${publicUrl} answers ${status}`
  const at = `${publicUrl} (${status})`
  if (status >= 300 && status < 400) {
    const advice =
      'RFC 8058 forbids redirects: set KAIJO_PUBLIC_URL to where this leads, or have the proxy stop it.'
    return judged('url-redirects', at, failed(NAME, `${seen} to ${headers.get('location')}`, advice))
  }
  if (status === 401 || status === 403) {
    const advice = 'Have the proxy or firewall let everyone reach it: providers do not sign in.'
    return judged('url-closed', at, failed(NAME, seen, advice))
  }
  if (headers.has('set-cookie')) {
    const advice = 'Have the proxy set none on these URLs (RFC 8058 section 3.1).'
    return judged('url-cookie', at, failed(NAME, `${seen} with a cookie`, advice))
  }
  if (status >= 500) {
    return judged('url-down', at, failed(NAME, seen, 'Kaijo, or the proxy in front of it, is not up.'))
  }
  if (status !== 404 || body !== noticeText(nothingToDo('en', 404).view)) {
    return judged('url-elsewhere', at, failed(NAME, `${seen}, but it is not Kaijo that does`, LEAD_HERE))
  }
  const finding = ok(NAME, `${publicUrl} leads to Kaijo, without redirect or cookie`)
  return judged('url-leads-here', publicUrl, finding)
}

function isOnThisMachine(url: string): boolean {
  return isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))
}
