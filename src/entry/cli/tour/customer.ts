/** A customer's program: it knows the server's address and its own API key, and nothing else. */
export interface Customer {
  get<T>(path: string): Promise<T>
  getText(path: string): Promise<string>
  post<T>(path: string, body: object): Promise<T>
}

export function customer(url: string, key: string): Customer {
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1${path}`, { ...init, headers })
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    return response
  }
  return {
    get: async <T>(path: string) => (await (await call(path)).json()) as T,
    getText: async (path) => (await call(path)).text(),
    post: async <T>(path: string, body: object) =>
      (await (await call(path, { method: 'POST', body: JSON.stringify(body) })).json()) as T,
  }
}
