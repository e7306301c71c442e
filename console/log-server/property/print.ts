import type { Filter, LogQuery, Matcher, Metric, MetricQuery, Pattern, Stage, TextTest } from './query'

/** The query as LogQL. Strings of even length are in backticks, the others in double quotes. */
export function printLogQuery({ selector, stages }: LogQuery): string {
  return [`{${selector.map(printMatcher).join(', ')}}`, ...stages.map(printStage)].join(' ')
}

/** `| drop a != "x"` is one stage in LogQL: a drop with a matcher, not a line filter after a drop. */
export function isPrintable({ stages }: LogQuery): boolean {
  return !stages.some((stage, index) => 'op' in stage && stage.op.startsWith('!') && stages[index - 1]?.kind === 'drop')
}

export function printMetricQuery({ top, metric }: MetricQuery): string {
  return top === undefined ? printMetric(metric) : `topk(${top}, ${printMetric(metric)})`
}

function printMetric(metric: Metric): string {
  if (metric.kind === 'range') return `${metric.call}(${printLogQuery(metric.query)} [${metric.range}])`
  const by = metric.by ? `by (${metric.by.join(', ')})` : ''
  const of = `(${printMetric(metric.of)})`
  if (!by) return `${metric.op}${of}`
  return metric.isByInFront ? `${metric.op} ${by} ${of}` : `${metric.op}${of} ${by}`
}

const printMatcher = (matcher: Matcher): string => `${matcher.label}${printTest(matcher)}`

function printTest(test: TextTest): string {
  return 'pattern' in test ? `${test.op}${quote(printPattern(test.pattern))}` : `${test.op}${quote(test.value)}`
}

const printPattern = ({ source, ignoreCase }: Pattern): string => (ignoreCase ? `(?i)${source}` : source)

function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'contains':
      return `${stage.op} ${[stage.value, ...stage.or].map(quote).join(' or ')}`
    case 'matches':
      return `${stage.op} ${[stage.pattern, ...stage.or].map(printPattern).map(quote).join(' or ')}`
    case 'filter':
      return `| ${printFilter(stage.filter)}`
    case 'json':
      return '| json'
    case 'drop':
      return `| drop ${stage.labels.join(', ')}`
    case 'format':
      return `| line_format ${quote(stage.parts.map(printPart).join(''))}`
  }
}

function printPart(part: { text: string } | { label: string } | 'line'): string {
  if (part === 'line') return '{{__line__}}'
  return 'text' in part ? part.text : `{{.${part.label}}}`
}

function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'text':
      return `${filter.label}${printTest(filter)}`
    case 'number':
    case 'duration':
      return `${filter.label} ${filter.op} ${filter.value}`
    case 'and':
      return `${inner(filter.left)}${filter.separator}${inner(filter.right)}`
    case 'or':
      return `${inner(filter.left)} or ${inner(filter.right)}`
  }
}

/** With parentheses, so that the result does not depend on precedence. */
function inner(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter)
}

function quote(text: string): string {
  const isRaw = text.length % 2 === 0 && !text.includes('`')
  return isRaw ? `\`${text}\`` : JSON.stringify(text)
}
