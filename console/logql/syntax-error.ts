import type { SyntaxNode, Tree } from '@lezer/common'

const string = 'a text in double quotes or backquotes'
const labelMatcher = 'a label matcher such as service_name="order-service"'
const labelNames = 'label names in parentheses'

// What the grammar expects in an incomplete node.
const expected: Record<string, string> = {
  Selector: labelMatcher,
  Matchers: labelMatcher,
  Matcher: string,
  LineFilter: string,
  LineFilters: string,
  OrFilter: string,
  LineFormatExpr: string,
  PipelineStage: 'a filter such as http_response_status_code="500", or json, line_format or drop',
  PipelineExpr: 'a pipeline stage after |',
  LabelFilter: 'a comparison such as http_response_status_code >= 500, and "and" or "or" between two of them',
  NumberFilter: 'a number',
  Range: 'a duration such as 5m',
  RangeAggregationExpr: 'a selector with a range, such as {service_name=~".+"}[5m]',
  LogRangeExpr: 'a range such as [5m]',
  Grouping: labelNames,
  Labels: labelNames,
  VectorAggregationExpr: 'a metric query in parentheses',
  DropLabelsExpr: 'label names after drop',
  LogExpr: 'the end of the query, or a pipeline stage such as |= "text"',
}
const anything = 'a selector such as {service_name="order-service"}, or a metric query such as rate({…}[5m])'

/** The position of the first syntax error and what is expected there; `undefined` for a text without one. */
export function syntaxError(text: string, tree: Tree): string | undefined {
  const cursor = tree.cursor()
  do {
    if (cursor.type.isError) return describe(text, cursor.node)
  } while (cursor.next())
  return undefined
}

function describe(text: string, error: SyntaxNode): string {
  const before = text.slice(0, error.from)
  const line = before.split('\n').length
  const column = error.from - before.lastIndexOf('\n')
  const rest = text.slice(error.from).trimStart()
  const found = rest === '' ? 'the query ends' : `found ${JSON.stringify(rest.slice(0, 20))}`
  return `parse error at line ${line}, column ${column}: ${found}; expected ${expectation(error, rest)}`
}

function expectation(error: SyntaxNode, rest: string): string {
  if (rest.startsWith('.')) return 'a label name with _ for each dot: order_id for order.id'
  if (error.parent?.name === 'Selector' && error.prevSibling) return 'a comma or } after the label matcher'
  for (let node = error.parent; node; node = node.parent) {
    const description = expected[node.name]
    if (description) return description
  }
  return anything
}
