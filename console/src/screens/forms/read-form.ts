import { api, bodyOf } from '../../api/client.ts'
import type { RegistrationForm } from './form-draft.ts'

export function readForm(service: number, id: string): Promise<RegistrationForm> {
  return bodyOf(api.GET('/api/v1/services/{service}/forms/{id}', { params: { path: { service, id } } }))
}
