import { durationNs, numberOf, regex } from './literals'
import type { LabelTest, LineFilter, Matcher } from './query'

/** A matcher such as `name="value"`. @throws QueryError for an invalid regular expression */
export function matcher(name: string, operator: Matcher['operator'], value: string): Matcher {
  return { name, operator, value, matches: textTest(operator, value) }
}

function textTest(operator: Matcher['operator'], value: string): (text: string) => boolean {
  if (operator === '=') return (text) => text === value
  if (operator === '!=') return (text) => text !== value
  const matches = regex(value, true)
  return operator === '=~' ? matches : (text) => !matches(text)
}

/** A label filter of a pipeline that compares texts. */
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

/** The operators between a label and a number or a duration. */
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

/** A label filter such as `name >= 500`. */
export function numberTest(name: string, comparison: Comparison, bound: number): LabelTest {
  const compare = comparisons[comparison]
  return {
    ...comparing(name, numberOf, (value) => compare(value, bound)),
    acceptsNumber: (value) => compare(value, bound),
  }
}

/** A label filter such as `name > 250ms`. */
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

/** A line filter such as `|= "a" or "b"`. @throws QueryError for an invalid regular expression */
export function lineFilter(operator: LineFilter['operator'], texts: string[]): LineFilter {
  const tests = texts.map((text) =>
    operator === '|~' || operator === '!~' ? regex(text, false) : (line: string) => line.includes(text),
  )
  const isNegative = operator.startsWith('!')
  return { kind: 'line', operator, texts, accepts: (line) => tests.some((test) => test(line)) !== isNegative }
}
