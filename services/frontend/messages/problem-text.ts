import type { Messages } from './messages'

export interface ProblemText {
  title: string
  advice: string
}

interface ShownProblem {
  code: string
  status: number
  [extension: string]: unknown
}

const defaultWaitSeconds = 60

/** The seconds to wait after a 429. */
export const retryAfterSeconds = ({ retry_after_s: seconds }: Record<string, unknown>): number =>
  typeof seconds === 'number' && seconds > 0 ? Math.ceil(seconds) : defaultWaitSeconds

/** The text of a problem page: by the code of the problem, otherwise by its status. */
export function problemText({ problems }: Messages, problem: ShownProblem): ProblemText {
  const { code, status } = problem
  const { byCode, byStatus } = problems
  if (status === 429) return problems.tooMany(retryAfterSeconds(problem))
  const texts: Partial<Record<string, ProblemText>> = { ...byStatus, ...byCode }
  return texts[code] ?? texts[status] ?? byStatus[500]
}
