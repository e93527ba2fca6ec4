import type { ConsolePage } from './console.ts'

/** Sends mail from the service's sender as the person in the page could; answers the delivery's id. */
export function mail(
  { page, tenant }: Pick<ConsolePage, 'page' | 'tenant'>,
  recipients: readonly string[],
  more: { subject?: string; sendAt?: string } = {},
): Promise<number> {
  const body = {
    from: 'news@example.com',
    subject: 'News',
    text: 'Hello',
    ...more,
    recipients: recipients.map((to) => ({ to })),
  }
  const url = `/api/v1/services/${tenant.service.id}/deliveries`
  const script = `fetch(${JSON.stringify(url)}, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))}
  }).then((answer) => answer.json()).then(({ id }) => id)`
  return page.evaluate(script) as Promise<number>
}
