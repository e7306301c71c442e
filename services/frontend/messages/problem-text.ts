import type { Messages } from './messages'

export interface ProblemText {
  title: string
  advice: string
}

/** The text of a problem page: by the code of the problem, otherwise by its status. */
export function problemText({ problems }: Messages, { code, status }: { code: string; status: number }): ProblemText {
  const { byCode, byStatus } = problems
  const texts: Partial<Record<string, ProblemText>> = { ...byStatus, ...byCode }
  return texts[code] ?? texts[status] ?? byStatus[500]
}
