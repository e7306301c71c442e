export interface WaitOptions {
  /** By default two minutes: it guards against hanging only. */
  timeoutMs?: number
  intervalMs?: number
  /** Added to the message of the error. */
  describe?: () => unknown
}

/**
 * Calls `condition` until it returns something truthy.
 * @returns that value
 * @throws Error after `timeoutMs`
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 120_000, intervalMs = 25, describe = () => condition }: WaitOptions = {},
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value) return value as Exclude<T, false | 0 | '' | null | undefined>
    if (performance.now() > endMs) throw new Error(`the condition did not hold within ${timeoutMs} ms\n${describe()}`)
    await Bun.sleep(intervalMs)
  }
}
