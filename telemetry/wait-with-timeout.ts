/** Waits for `work`, but not longer than that; leaves no timer that would hold the process. */
export async function waitWithTimeout(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, deadlineMs)
  await Promise.race([work, over]).finally(() => clearTimeout(timer))
}
