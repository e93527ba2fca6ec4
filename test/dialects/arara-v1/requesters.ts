import assert from 'node:assert/strict'
import { readXml, type XmlElement } from '../../../src/dialects/xml/read-xml.ts'
import { findSender } from '../../../src/tenants/sender.ts'
import { type Answer, request, type startAraraV1 } from './arara-v1.ts'

export const NEWS = 'news@example.com'

/** A request for who asked a sender to stop on a day, with what else it holds. */
export const asked = (from: string, [year, month, day]: readonly (number | string)[], more = '') =>
  request(
    `<unsubscription_request><header_from>${from}</header_from><year>${year}</year><month>${month}</month><day>${day}</day>${more}</unsubscription_request>`,
  )

/** Those whom an answer names, each by the elements of it. */
export async function requestersOf(answer: Answer): Promise<Record<string, string>[]> {
  assert.equal(answer.status, 200, answer.text)
  const root = await readXml(Buffer.from(answer.text))
  const [unsubscribers] = root.children
  const list = unsubscribers?.children.find(({ name }) => name === 'requesters') as XmlElement
  return list.children.map(({ children }) =>
    Object.fromEntries(children.map(({ name, text }) => [name, text])),
  )
}

/** The sender with this address, registered by the interface. */
export async function senderOf(
  { capabilities, service, post }: Awaited<ReturnType<typeof startAraraV1>>,
  address: string,
) {
  const body = `<unsubscription_request><header_from>${address}</header_from></unsubscription_request>`
  assert.equal((await post('unsubscribe_receivers', request(body))).status, 200)
  const sender = await findSender(capabilities.database, service.id, address)
  if (!sender) throw new Error('the sender was not registered')
  return sender
}
