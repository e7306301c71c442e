import { parser } from '@grafana/lezer-logql'
import type { SyntaxNode } from '@lezer/common'
import { type Comparison, durationTest, lineFilter, matcher, numberTest, textLabelTest } from './conditions'
import { durationNs, unquote } from './literals'
import {
  type LabelFilter,
  type LineFilter,
  type LineFormat,
  type LogQuery,
  type Matcher,
  type MetricQuery,
  type Query,
  QueryError,
  type RangeAggregation,
  type Stage,
  type VectorAggregation,
} from './query'
import { syntaxError } from './syntax-error'
import { child, children, descendants } from './syntax-tree'

const maxQueryLength = 128 * 1024
const maxDepth = 100
// Loki's default for `max_query_length`.
const maxRangeNs = 721 * 3600e9
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/**
 * Parses LogQL with the grammar of `@grafana/lezer-logql`.
 * @throws QueryError with the position of a syntax error and what is expected there, or with the name of a construct that is
 * not supported
 * @see https://grafana.com/docs/loki/latest/query/
 */
export function parse(text: string): Query {
  if (text.length > maxQueryLength)
    throw new QueryError(`the query has ${text.length} characters, and ${maxQueryLength} is the limit`)
  const tree = parser.parse(text)
  const problem = syntaxError(text, tree)
  if (problem) throw new QueryError(problem)
  const root = child(tree.topNode, 'Expr')
  if (!root) throw new QueryError('the query is empty: expected a selector such as {service_name="order-service"}')
  return expression(root, 0)

  function expression(node: SyntaxNode, depth: number): Query {
    const inner = node.firstChild
    if (inner?.name === 'LogExpr') return logQuery(inner)
    if (inner?.name === 'MetricExpr') return metric(inner, depth)
    throw unsupported(inner ?? node)
  }

  function logQuery(node: SyntaxNode): LogQuery {
    const inner = child(node, 'LogExpr')
    if (inner) return logQuery(inner)
    const selector = child(node, 'Selector')
    if (!selector) throw unsupported(node.firstChild ?? node)
    for (const part of children(node)) {
      if (!['Selector', 'PipelineExpr', 'Range'].includes(part.name)) throw unsupported(part)
    }
    const matchers = descendants(selector, 'Matcher', 'Matchers').map(matcherOf)
    if (!matchers.some(({ matches }) => !matches(''))) {
      throw new QueryError(
        `the selector ${textOf(selector)} matches every stream: at least one matcher must not match the empty value; write {service_name=~".+"}`,
      )
    }
    const stages = descendants(node, 'PipelineStage', 'PipelineExpr').flatMap(stagesOf)
    return { kind: 'logs', matchers, stages }
  }

  function metric(node: SyntaxNode, depth: number): MetricQuery {
    if (depth > maxDepth) throw unsupported(node, `a query nested more than ${maxDepth} deep`)
    const inner = node.firstChild
    if (inner?.name === 'MetricExpr') return metric(inner, depth + 1)
    if (inner?.name === 'RangeAggregationExpr') return rangeAggregation(inner)
    if (inner?.name === 'VectorAggregationExpr') return vectorAggregation(inner, depth)
    if (inner?.name === 'VectorExpr') return { kind: 'vector', value: Number(textOf(child(inner, 'Number') ?? inner)) }
    if (inner?.name === 'BinOpExpr') return sumOfVectors(inner, depth)
    throw unsupported(inner ?? node)
  }

  function rangeAggregation(node: SyntaxNode): RangeAggregation {
    const operation = textOf(child(node, 'RangeOp') ?? node)
    if (operation !== 'rate' && operation !== 'count_over_time' && operation !== 'bytes_over_time')
      throw unsupported(node, operation)
    const logs = child(node, 'LogRangeExpr')
    const grouping = child(node, 'Grouping')
    if (grouping) throw unsupported(grouping, `a grouping of ${operation}`)
    if (!logs) throw unsupported(node)
    const duration = child(child(logs, 'Range') ?? logs, 'Duration')
    const rangeNs = Math.round((duration && durationNs(textOf(duration))) ?? 0)
    if (rangeNs <= 0 || rangeNs > maxRangeNs) {
      throw new QueryError(`${textOf(node)}: the range must be a duration such as [5m], of 721 hours at most`)
    }
    return { kind: 'range', operation, logs: logQuery(logs), rangeNs }
  }

  function vectorAggregation(node: SyntaxNode, depth: number): MetricQuery {
    const operation = textOf(child(node, 'VectorOp') ?? node)
    const inner = child(node, 'MetricExpr')
    if (!inner) throw unsupported(node)
    const by = groupingOf(node)
    if (operation === 'topk') {
      const k = Number(textOf(child(node, 'Number') ?? node))
      if (!Number.isInteger(k) || k < 1)
        throw new QueryError(`${textOf(node)}: the first parameter of topk must be a whole number above 0`)
      return { kind: 'topk', k, by, of: metric(inner, depth + 1) }
    }
    if (!isAggregation(operation)) throw unsupported(node, operation)
    const parameter = child(node, 'Number')
    if (parameter)
      throw new QueryError(`${operation} does not take a number as its first parameter, and got ${textOf(parameter)}`)
    return { kind: 'aggregation', operation, by, of: metric(inner, depth + 1) }
  }

  function groupingOf(node: SyntaxNode): string[] {
    const groupings = children(node).filter(({ name }) => name === 'Grouping')
    if (groupings.length > 1) throw new QueryError(`${textOf(node)} is grouped twice`)
    const grouping = groupings[0]
    if (!grouping) return []
    if (child(grouping, 'Without')) throw unsupported(grouping, 'without')
    return descendants(grouping, 'Identifier', 'Labels').map(textOf)
  }

  function sumOfVectors(node: SyntaxNode, depth: number): MetricQuery {
    const [left, right] = children(node).filter(({ name }) => name === 'Expr')
    const operator = children(node).find(({ name }) => name !== 'Expr' && name !== 'BinOpModifier')
    if (operator?.name !== 'Add')
      throw unsupported(node, `the operator ${operator ? textOf(operator) : ''} between queries`)
    const [a, b] = [left, right].map((side) => side && expression(side, depth + 1))
    if (a?.kind === 'vector' && b?.kind === 'vector') return { kind: 'sum', left: a, right: b }
    throw unsupported(node, 'the operator + between queries other than vector(…)')
  }

  function matcherOf(node: SyntaxNode): Matcher {
    const [name, operator, value] = children(node)
    if (!name || !operator || value?.name !== 'String') throw unsupported(value ?? node)
    return matcher(textOf(name), textOf(operator) as Matcher['operator'], unquote(textOf(value)))
  }

  function stagesOf(node: SyntaxNode): Stage[] {
    const stage = children(node).find(({ name }) => name !== 'Pipe')
    if (stage?.name === 'LineFilters') return descendants(stage, 'LineFilter', 'LineFilters').map(lineFilterOf)
    if (stage?.name === 'LabelFilter') return [labelFilter(stage, 0)]
    if (stage?.name === 'LabelParser' && child(stage, 'Json')) return [{ kind: 'json' }]
    if (stage?.name === 'LineFormatExpr') return [lineFormat(stage)]
    if (stage?.name === 'DropLabelsExpr') return [{ kind: 'drop', names: dropped(stage) }]
    throw unsupported(stage ?? node)
  }

  function lineFilterOf(node: SyntaxNode): LineFilter {
    const operator = textOf(child(node, 'Filter') ?? node)
    const call = child(node, 'FilterOp')
    if (call) throw unsupported(call, 'ip(…) in a line filter')
    if (!['|=', '!=', '|~', '!~'].includes(operator)) throw unsupported(node, `the line filter ${operator}`)
    const texts = [child(node, 'String'), ...descendants(node, 'String', 'OrFilter').filter(isInOrFilter)]
    return lineFilter(
      operator as LineFilter['operator'],
      texts.filter((text) => text !== null).map((text) => unquote(textOf(text))),
    )
  }

  function labelFilter(node: SyntaxNode, depth: number): LabelFilter {
    if (depth > maxDepth) throw unsupported(node, `a filter nested more than ${maxDepth} deep`)
    const [left, right] = children(node).filter(({ name }) => name === 'LabelFilter')
    if (left && right) {
      const kind = child(node, 'Or') ? 'or' : 'and'
      return { kind, left: labelFilter(left, depth + 1), right: labelFilter(right, depth + 1) }
    }
    if (left) return labelFilter(left, depth + 1)
    const test = node.firstChild
    if (test?.name === 'Matcher') return textLabelTest(matcherOf(test))
    if (test?.name === 'NumberFilter') return numberFilter(test)
    const duration = test && child(test, 'DurationFilter')
    if (duration) return durationFilter(duration)
    throw unsupported(test?.name === 'UnitFilter' ? (test.firstChild ?? test) : (test ?? node))
  }

  function numberFilter(node: SyntaxNode): LabelFilter {
    const [name, operator, value] = children(node)
    if (!name || !operator || !value) throw unsupported(node)
    return numberTest(textOf(name), textOf(operator) as Comparison, Number(textOf(value)))
  }

  function durationFilter(node: SyntaxNode): LabelFilter {
    const [name, operator, value] = children(node)
    const boundNs = value && durationNs(textOf(value))
    if (!name || !operator || boundNs === undefined) throw unsupported(node)
    return durationTest(textOf(name), textOf(operator) as Comparison, boundNs)
  }

  function lineFormat(node: SyntaxNode): LineFormat {
    const literal = child(node, 'String')
    if (!literal) throw unsupported(node)
    const template = unquote(textOf(literal))
    const parts: LineFormat['parts'] = []
    for (const [whole, action] of template.matchAll(/\{\{([\s\S]*?)\}\}|(?:(?!\{\{)[\s\S])+|\{\{/g)) {
      if (action === undefined && whole !== '{{') parts.push({ text: whole })
      else parts.push(templateAction(whole, action?.trim() ?? ''))
    }
    return { kind: 'line_format', parts }
  }

  function templateAction(whole: string, action: string): LineFormat['parts'][number] {
    if (action === '__line__') return { line: true }
    if (action.startsWith('.') && labelName.test(action.slice(1))) return { label: action.slice(1) }
    throw new QueryError(`not supported in line_format: ${whole}; there are {{.label}} and {{__line__}}`)
  }

  function dropped(node: SyntaxNode): string[] {
    return descendants(node, 'DropLabel', 'DropLabels').map((label) => {
      const name = child(label, 'Identifier')
      if (!name) throw unsupported(label, 'drop with a matcher')
      return textOf(name)
    })
  }

  function textOf({ from, to }: SyntaxNode): string {
    return text.slice(from, to)
  }

  function unsupported(node: SyntaxNode, what = `${nameOf(node)} (${textOf(node).slice(0, 80)})`): QueryError {
    return new QueryError(`not supported at character ${node.from + 1}: ${what}`)
  }
}

const isAggregation = (name: string): name is VectorAggregation['operation'] =>
  ['sum', 'count', 'max', 'min', 'avg'].includes(name)

const isInOrFilter = (node: SyntaxNode) => node.parent?.name === 'OrFilter'

// Nodes of the grammar by the names that LogQL's documentation gives them.
const names: Record<string, string> = {
  JsonExpressionParser: 'json with arguments',
  LabelParser: 'this parser',
  LogfmtParser: 'logfmt',
  LogfmtExpressionParser: 'logfmt with arguments',
  UnwrapExpr: 'unwrap',
  OffsetExpr: 'offset',
  LabelFormatExpr: 'label_format',
  DecolorizeExpr: 'decolorize',
  KeepLabelsExpr: 'keep',
  IpLabelFilter: 'ip(…) in a label filter',
  BytesFilter: 'a label filter by bytes',
  LabelReplaceExpr: 'label_replace',
  LiteralExpr: 'a number alone',
}
const nameOf = (node: SyntaxNode) => names[node.name] ?? node.name
