export interface CheckResult {
  ok: boolean
  /** What the check has observed. */
  seen: string
}

export interface Check {
  /** A short sentence that is true when the check holds. */
  name: string
  expected: string
  /** What to do when the check fails. */
  advice: string
  /** A thrown error is a failed check with the error’s message as `seen`. */
  run(): Promise<CheckResult>
}

export interface Verdict extends CheckResult {
  check: string
  expected: string
  advice: string
}

/** Repeats an observation every 250 ms until it is ok or `withinMs` has passed, and returns the last one. */
export async function eventually(observe: () => Promise<CheckResult>, withinMs = 30_000): Promise<CheckResult> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const seen = await attempt(observe)
    if (seen.ok || performance.now() > endMs) return seen
    await Bun.sleep(250)
  }
}

export async function runCheck({ name, expected, advice, run }: Check): Promise<Verdict> {
  return { check: name, expected, advice, ...(await attempt(run)) }
}

async function attempt(observe: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await observe()
  } catch (error) {
    return { ok: false, seen: (error as Error).message }
  }
}
