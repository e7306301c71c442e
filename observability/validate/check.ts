/** What a check saw. */
export interface CheckResult {
  ok: boolean
  seen: string
}

export interface Check {
  /** A sentence in few words: what holds. */
  name: string
  expected: string
  /** What to do when it does not hold. */
  advice: string
  /** What is thrown counts as seen, and as not ok. */
  run(): Promise<CheckResult>
}

export interface Verdict extends CheckResult {
  check: string
  expected: string
  advice: string
}

/** Asks again, a quarter of a second apart, until it holds or the time is over; then the last answer. */
export async function eventually(look: () => Promise<CheckResult>, withinMs = 30_000): Promise<CheckResult> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const seen = await attempt(look)
    if (seen.ok || performance.now() > endMs) return seen
    await Bun.sleep(250)
  }
}

/** Runs a check; an error is what was seen. */
export async function runCheck({ name, expected, advice, run }: Check): Promise<Verdict> {
  return { check: name, expected, advice, ...(await attempt(run)) }
}

async function attempt(look: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await look()
  } catch (error) {
    return { ok: false, seen: (error as Error).message }
  }
}
