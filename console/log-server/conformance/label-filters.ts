import { type Case, line, range } from './case'
import { citations } from './citations'
import { labels, lines } from './expect'

const logs = [
  line(1, 'slow', { attributes: { n: 5, took: '1.5s', color: 'red' } }),
  line(2, 'fast', { attributes: { n: 12, took: '90ms', color: 'blue' } }),
  line(3, 'none'),
]
const notNumbers = [
  line(1, 'text', { attributes: { n: 'many', took: '250' } }),
  line(2, 'low', { attributes: { n: 1, took: '1ms' } }),
]

const filter = (expression: string) => range(`{service_name="$service"} | ${expression}`)

export const labelFilters: Case[] = [
  {
    name: 'a label filter works on structured metadata without a parser',
    citation: citations.metadataFilter,
    logs,
    request: filter('color="red"'),
    expect: lines('slow'),
  },
  {
    name: 'a label filter works on index labels',
    citation: citations.filterTypes,
    logs,
    request: filter('service_name="$service"'),
    expect: lines('slow', 'fast', 'none'),
  },
  {
    name: 'a missing label equals the empty text',
    citation: citations.missingText,
    logs,
    request: filter('color=""'),
    expect: lines('none'),
  },
  {
    name: '!= passes when the label is missing',
    citation: citations.missingText,
    logs,
    request: filter('color!="red"'),
    expect: lines('fast', 'none'),
  },
  {
    name: '!="" passes when the label is present',
    citation: citations.missingText,
    logs,
    request: filter('color!=""'),
    expect: lines('slow', 'fast'),
  },
  {
    name: '=~ of a label filter is anchored',
    citation: citations.filterTypes,
    logs,
    request: filter('color=~"re|blu."'),
    expect: lines('fast'),
  },
  {
    name: '!~ of a label filter',
    citation: citations.filterTypes,
    logs,
    request: filter('color!~"r.*"'),
    expect: lines('fast', 'none'),
  },
  {
    name: 'numbers are compared as numbers',
    citation: citations.greater,
    logs,
    request: filter('n > 5'),
    expect: lines('fast'),
  },
  {
    name: '>= includes the number',
    citation: citations.greater,
    logs,
    request: filter('n >= 5'),
    expect: lines('slow', 'fast'),
  },
  {
    name: '< compares numbers, not texts',
    citation: citations.less,
    logs,
    request: filter('n < 12'),
    expect: lines('slow'),
  },
  {
    name: '<= includes the number',
    citation: citations.less,
    logs,
    request: filter('n <= 12'),
    expect: lines('slow', 'fast'),
  },
  {
    name: '= with a number is equality of numbers',
    citation: citations.equality,
    logs: [line(1, 'a', { attributes: { n: '5.0' } })],
    request: filter('n = 5'),
    expect: lines('a'),
  },
  {
    name: '== is the same as =',
    citation: citations.equality,
    logs,
    request: filter('n == 12'),
    expect: lines('fast'),
  },
  {
    name: '!= with a number removes lines without the label',
    citation: citations.missingNumber,
    logs,
    request: filter('n != 5'),
    expect: lines('fast'),
  },
  {
    name: 'fractions are compared',
    citation: citations.filterTypes,
    logs,
    request: filter('n < 5.5'),
    expect: lines('slow'),
  },
  {
    name: 'durations are compared by their length',
    citation: citations.filterTypes,
    logs,
    request: filter('took > 250ms'),
    expect: lines('slow'),
  },
  {
    name: 'durations have several units',
    citation: undefined,
    fromMemory:
      'query/log_queries: "Duration is a sequence of decimal numbers, each with optional fraction and a unit suffix, such as “300ms”, “1.5h” or “2h45m”."',
    logs: [line(1, 'a', { attributes: { took: '1h30m' } }), line(2, 'b', { attributes: { took: '89m' } })],
    request: filter('took >= 1.5h'),
    expect: lines('a'),
  },
  {
    name: 'a duration filter removes lines without the label',
    citation: undefined,
    logs,
    request: filter('took < 1h'),
    expect: lines('slow', 'fast'),
  },
  {
    name: 'a value that is not a number keeps the line',
    citation: undefined,
    fromMemory:
      'query/log_queries: "If the conversion of the label value fails, the log line is not filtered and an `__error__` label is added."',
    logs: notNumbers,
    request: filter('n > 5'),
    expect: lines('text'),
  },
  {
    name: 'a value that is not a number adds __error__',
    citation: undefined,
    fromMemory:
      'query/log_queries: "If the conversion of the label value fails, the log line is not filtered and an `__error__` label is added."',
    logs: notNumbers,
    request: filter('n > 5'),
    expect: labels({ __error__: 'LabelFilterErr', n: 'many' }),
  },
  {
    name: 'a number without a unit is not a duration',
    citation: undefined,
    fromMemory:
      'query/log_queries: "The value of the label identifier used for comparison must be a string with a unit suffix to be parsed correctly"',
    logs: notNumbers,
    request: filter('took > 1h'),
    expect: labels({ __error__: 'LabelFilterErr', took: '250' }),
  },
  {
    name: '__error__="" removes lines with an error',
    citation: citations.jsonError,
    logs: notNumbers,
    request: filter('n >= 1 | __error__=""'),
    expect: lines('low'),
  },
  {
    name: 'a line with an error passes numeric filters',
    citation: undefined,
    fromMemory:
      'query/log_queries: "The string type is the only one that can filter out a log line with a label `__error__`."',
    logs: [line(1, 'text', { attributes: { n: 'many', took: '1ms' } })],
    request: filter('n > 0 | took > 1h'),
    expect: lines('text'),
  },
  {
    name: 'and: both must pass',
    citation: citations.chain,
    logs,
    request: filter('color="red" and n > 1'),
    expect: lines('slow'),
  },
  {
    name: 'or: one must pass',
    citation: citations.chain,
    logs,
    request: filter('color="red" or n > 5'),
    expect: lines('slow', 'fast'),
  },
  {
    name: 'a comma is and',
    citation: citations.commaIsAnd,
    logs,
    request: filter('n > 1, color="blue"'),
    expect: lines('fast'),
  },
  {
    name: 'another pipe is and',
    citation: citations.commaIsAnd,
    logs,
    request: filter('n > 1 | color="blue"'),
    expect: lines('fast'),
  },
  {
    name: 'parentheses group',
    citation: undefined,
    fromMemory:
      'query/log_queries: "You can wrap predicates with parenthesis to force a different precedence left to right."',
    logs,
    request: filter('(color="red" or color="blue") and n > 5'),
    expect: lines('fast'),
  },
  {
    name: 'every line of a trace',
    citation: citations.metadataFilter,
    logs: [line(1, 'in it', { record: { traceId: '0af7651916cd43dd8448eb211c80319c' } }), line(2, 'in none')],
    request: range('{service_name=~".+"} | trace_id="0af7651916cd43dd8448eb211c80319c" | conformance_case="$service"'),
    expect: lines('in it'),
  },
]
