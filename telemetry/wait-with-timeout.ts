/** Waits for `work`, at most `timeoutMs`. Leaves no timer that would keep the process running. */
export async function waitWithTimeout(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: timedOut, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  await Promise.race([work, timedOut]).finally(() => clearTimeout(timer))
}
