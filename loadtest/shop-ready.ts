const patienceMs = 5000

/**
 * Makes sure that the shop is there and lets each shopper have an address of its own: else all of them are one client to it, and
 * the run's id is not taken.
 * @throws Error that says what to change
 */
export async function assertShopReady(url: string): Promise<void> {
  const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(patienceMs) }).catch((error: Error) => {
    throw new Error(`no shop at ${url} (${error.message}): bun run dev, or --url`)
  })
  if (!answer.ok) throw new Error(`the shop at ${url} is not ready: ${answer.status} ${await answer.text()}`)
  // Over HTTPS cookies are secure in any case: there it can't be seen from here.
  if (url.startsWith('https:') || (await believesUs(url))) return
  throw new Error(
    [
      `the shop at ${url} does not take this machine for a proxy, so all shoppers would have one address.`,
      'Start it with TRUSTED_PROXIES=<the address it sees you at>: bun run dev does so for 127.0.0.1; with compose it is',
      'the gateway of its network, in production.env. Only where the shop is not open to others by that address.',
    ].join('\n'),
  )
}

/** Who is believed that a request came over HTTPS gets a cookie for HTTPS. */
async function believesUs(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/checkout`, {
    headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '198.18.0.1' },
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  })
  return answer.headers.getSetCookie().some((cookie) => /;\s*secure/i.test(cookie))
}
