import type { Need } from './parts'
import { type Part, suite } from './suite'

export interface Choice {
  chosen: Part[]
  /** Parts that only `bun run test all` runs. */
  later: Part[]
}

/**
 * Which parts the words after `bun run test` mean: none for the quick ones, `all`, `all with NEED`, `all without NEED`,
 * or names of parts. @throws Error that says which words there are
 */
export function choose(words: string[]): Choice {
  const [first, how, need] = words
  if (first === undefined) return { chosen: suite.filter(isQuick), later: suite.filter((part) => !isQuick(part)) }
  if (first === 'all' && words.length === 1) return { chosen: suite, later: [] }
  const needs = (part: Part) => part.needs?.includes(need as Need) ?? false
  if (first === 'all' && how === 'with' && need) return { chosen: suite.filter(needs), later: [] }
  if (first === 'all' && how === 'without' && need) return { chosen: suite.filter((part) => !needs(part)), later: [] }
  const chosen = words.map((word) => suite.find(({ name }) => name === word))
  if (chosen.every((part) => part !== undefined)) return { chosen, later: [] }
  const names = suite.map(({ name }) => name).join(', ')
  throw new Error(`usage: bun run test [all [with|without NEED] | PART…]\nparts: ${names}`)
}

const isQuick = (part: Part) => part.in !== 'all'
