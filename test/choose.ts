import type { Need } from './parts'
import { type Part, suite } from './suite'

export interface Choice {
  chosen: Part[]
  /** Parts that `bun run test` leaves to `bun run test all`. */
  later: Part[]
}

const isQuick = (part: Part) => part.in !== 'all'
const scopes: Record<string, (part: Part) => boolean> = {
  quick: isQuick,
  long: (part) => !isQuick(part),
  all: () => true,
}

/**
 * Which parts the words after `bun run test` mean: the quick ones without a word; `all`, `long` or `quick`; of these those
 * `with NEED` or `without NEED`; or parts by their names. @throws Error that says which words there are
 */
export function choose(words: string[]): Choice {
  if (words.length === 0) return { chosen: suite.filter(isQuick), later: suite.filter((part) => !isQuick(part)) }
  const [scope = 'quick', how, need, ...more] = words[0] && words[0] in scopes ? words : ['quick', ...words]
  const inScope = suite.filter(scopes[scope] ?? isQuick)
  if (how === undefined) return { chosen: inScope, later: [] }
  const isNeeded = (part: Part) => part.needs?.includes(need as Need) ?? false
  if ((how === 'with' || how === 'without') && suite.some(isNeeded) && more.length === 0)
    return { chosen: inScope.filter((part) => isNeeded(part) === (how === 'with')), later: [] }
  const named = words.map((word) => suite.find(({ name }) => name === word))
  if (named.every((part) => part !== undefined)) return { chosen: named, later: [] }
  const names = suite.map(({ name }) => name).join(', ')
  throw new Error(`usage: bun run test [all|long|quick] [with|without NEED], or parts by name: ${names}`)
}
