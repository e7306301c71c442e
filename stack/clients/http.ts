/**
 * Fetches a URL, within 30 s unless `init` has a signal.
 * @returns a response with a 2xx status
 * @throws Error with the address, the status and the beginning of the response body
 */
export async function fetchOk(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000), ...init }).catch((error: Error) => {
    throw new Error(`${new URL(url).origin} does not respond: ${error.message}`)
  })
  if (!response.ok) throw new Error(`${url} responds with ${response.status}: ${(await response.text()).slice(0, 300)}`)
  return response
}

/** Fetches JSON. @throws Error like `fetchOk` */
export async function fetchJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return (await (await fetchOk(url, init)).json()) as T
}
