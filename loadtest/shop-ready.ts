const timeoutMs = 5000

/**
 * Checks that the shop is ready and trusts this machine as a proxy. Otherwise all shoppers have one address, and the shop ignores
 * the run's id.
 * @throws Error with instructions
 */
export async function assertShopReady(url: string): Promise<void> {
  const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: Error) => {
    throw new Error(`no shop at ${url} (${error.message}): bun run dev, or --url`)
  })
  if (!response.ok) throw new Error(`the shop at ${url} is not ready: ${response.status} ${await response.text()}`)
  // Over HTTPS cookies are always secure, so trust can't be detected.
  if (url.startsWith('https:') || (await trustsThisMachine(url))) return
  throw new Error(
    [
      `the shop at ${url} does not trust this machine as a proxy, so all shoppers would have one address.`,
      'Start it with TRUSTED_PROXIES=<the address it sees this machine at>. bun run dev does so for 127.0.0.1. With compose',
      'it is the gateway of its network, in production.env. Do so only if no other client reaches the shop from that address.',
    ].join('\n'),
  )
}

/** A shop that trusts the forwarded protocol sets a secure cookie. */
async function trustsThisMachine(url: string): Promise<boolean> {
  const response = await fetch(`${url}/checkout`, {
    headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '198.18.0.1' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
  return response.headers.getSetCookie().some((cookie) => /;\s*secure/i.test(cookie))
}
