import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'

export interface SenderView {
  address: string
  oneClick: boolean
  classId: string
  baseUrl: string
}

export function sendersOf(client: Client) {
  return {
    list: () => pages((page) => client.get<Page<SenderView>>(`/senders${page}`)),
    /** For ever: links in mail that is out must keep working. Without `oneClick` it has a stop list only. */
    register: (address: string, { oneClick = true }: { oneClick?: boolean } = {}) =>
      client.post<SenderView>('/senders', { address, oneClick }),
  }
}
