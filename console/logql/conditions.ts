import { durationNs, numberOf, regex } from './literals'
import type { LabelTest, LineFilter, Matcher } from './query'

/** `name="value"` and its like. @throws QueryError */
export function matcher(name: string, operator: Matcher['operator'], value: string): Matcher {
  return { name, operator, value, matches: textTest(operator, value) }
}

function textTest(operator: Matcher['operator'], value: string): (text: string) => boolean {
  if (operator === '=') return (text) => text === value
  if (operator === '!=') return (text) => text !== value
  const fits = regex(value, true)
  return operator === '=~' ? fits : (text) => !fits(text)
}

/** A matcher as a pipeline's label filter. */
export function textLabelTest({ name, operator, value, matches }: Matcher): LabelTest {
  return {
    kind: 'label',
    name,
    ...(operator === '=' && { equals: value }),
    compares: false,
    accepts: (text) => matches(text ?? ''),
    failsOn: () => false,
  }
}

export type Comparison = '=' | '==' | '!=' | '>' | '>=' | '<' | '<='

const comparisons: Record<Comparison, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

/** `name >= 500` */
export function numberTest(name: string, comparison: Comparison, bound: number): LabelTest {
  const compare = comparisons[comparison]
  return {
    ...comparing(name, numberOf, (value) => compare(value, bound)),
    acceptsNumber: (value) => compare(value, bound),
  }
}

/** `name > 250ms`, with the bound in nanoseconds. */
export function durationTest(name: string, comparison: Comparison, boundNs: number): LabelTest {
  const compare = comparisons[comparison]
  return comparing(name, durationNs, (value) => compare(value, boundNs))
}

function comparing(
  name: string,
  parse: (text: string) => number | undefined,
  compare: (value: number) => boolean,
): LabelTest {
  return {
    kind: 'label',
    name,
    compares: true,
    accepts(text) {
      if (text === undefined) return false
      const value = parse(text)
      return value === undefined || compare(value)
    },
    failsOn: (text) => text !== undefined && parse(text) === undefined,
  }
}

/** `|= "a" or "b"` and its like. @throws QueryError */
export function lineFilter(operator: LineFilter['operator'], texts: string[]): LineFilter {
  const tests = texts.map((text) =>
    operator === '|~' || operator === '!~' ? regex(text, false) : (line: string) => line.includes(text),
  )
  const isNegative = operator.startsWith('!')
  return { kind: 'line', operator, texts, accepts: (line) => tests.some((test) => test(line)) !== isNegative }
}
