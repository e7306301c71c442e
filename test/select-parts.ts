import type { Requirement } from './requirements'
import { type Part, suite } from './suite'

export interface Selection {
  selected: Part[]
  /** Parts that `bun run test` leaves to `bun run test all`. */
  deferred: Part[]
}

const isQuick = (part: Part) => part.runsIn !== 'all'
const scopes: Record<string, (part: Part) => boolean> = {
  quick: isQuick,
  long: (part) => !isQuick(part),
  all: () => true,
}

/**
 * Selects the parts of `bun run test [all|long|quick] [with|without NEED]` or `bun run test PART…`; without arguments the quick
 * ones. @throws Error that lists the allowed arguments
 */
export function selectParts(words: string[]): Selection {
  if (words.length === 0) return { selected: suite.filter(isQuick), deferred: suite.filter((part) => !isQuick(part)) }
  const [scope = 'quick', how, need, ...more] = words[0] && words[0] in scopes ? words : ['quick', ...words]
  const inScope = suite.filter(scopes[scope] ?? isQuick)
  if (how === undefined) return { selected: inScope, deferred: [] }
  const isNeeded = (part: Part) => part.requires?.includes(need as Requirement) ?? false
  if ((how === 'with' || how === 'without') && suite.some(isNeeded) && more.length === 0)
    return { selected: inScope.filter((part) => isNeeded(part) === (how === 'with')), deferred: [] }
  const named = words.map((word) => suite.find(({ name }) => name === word))
  if (named.every((part) => part !== undefined)) return { selected: named, deferred: [] }
  const names = suite.map(({ name }) => name).join(', ')
  throw new Error(`usage: bun run test [all|long|quick] [with|without NEED], or parts by name: ${names}`)
}
