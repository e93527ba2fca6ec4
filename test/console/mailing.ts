import type { ConsolePage } from './console.ts'

/** Sends mail from the service's sender as the person in the page; answers the delivery's id. */
export async function mail(
  { page, tenant }: Pick<ConsolePage, 'page' | 'tenant'>,
  recipients: readonly string[],
  more: { subject?: string; sendAt?: string } = {},
): Promise<number> {
  const data = {
    from: 'news@example.com',
    subject: 'News',
    text: 'Hello',
    ...more,
    recipients: recipients.map((to) => ({ to })),
  }
  const answer = await page.request.post(`/api/v1/services/${tenant.service.id}/deliveries`, {
    headers: { 'sec-fetch-site': 'same-origin' },
    data,
  })
  return ((await answer.json()) as { id: number }).id
}
