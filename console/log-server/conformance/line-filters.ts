import { type Case, line, range } from './case'
import { citations } from './citations'
import { lines } from './expect'

const logs = [line(1, 'order refused'), line(2, 'order Refused'), line(3, 'order placed'), line(4, 'two\nlines')]

export const lineFilters: Case[] = [
  {
    name: '|= selects lines that contain the text',
    citation: citations.lineContains,
    logs,
    request: range('{service_name="$service"} |= "refused"'),
    expect: lines('order refused'),
  },
  {
    name: '!= selects lines that do not contain the text',
    citation: citations.lineContainsNot,
    logs,
    request: range('{service_name="$service"} != "order"'),
    expect: lines('two\nlines'),
  },
  {
    name: '|~ selects lines that match at any position',
    citation: citations.lineMatches,
    logs,
    request: range('{service_name="$service"} |~ "r[a-z]+sed"'),
    expect: lines('order refused'),
  },
  {
    name: '!~ selects lines that do not match at any position',
    citation: citations.lineMatchesNot,
    logs,
    request: range('{service_name="$service"} !~ "^order r|placed|lines"'),
    expect: lines('order Refused'),
  },
  {
    name: '(?i) ignores case',
    citation: citations.re2,
    logs,
    request: range('{service_name="$service"} |~ "(?i)REFUSED"'),
    expect: lines('order refused', 'order Refused'),
  },
  {
    name: 'line filters are chained',
    citation: citations.stages,
    logs,
    request: range('{service_name="$service"} |= "order" != "placed" |~ "^order R"'),
    expect: lines('order Refused'),
  },
  {
    name: 'a text is not a pattern',
    citation: citations.lineContains,
    logs: [line(1, 'a.b'), line(2, 'aXb'), line(3, '100%'), line(4, '[x]')],
    request: range('{service_name="$service"} |= "a.b"'),
    expect: lines('a.b'),
  },
  {
    name: '% and _ are literal',
    citation: citations.lineContains,
    logs: [line(1, '100%'), line(2, '100 of them'), line(3, 'a_b'), line(4, 'axb')],
    request: range('{service_name="$service"} != "0%" != "a_b"'),
    expect: lines('100 of them', 'axb'),
  },
  {
    name: 'the dot does not match a newline in a line',
    citation: undefined,
    fromMemory: 'query/log_queries: "The regex `.` character does not match newlines by default."',
    logs,
    request: range('{service_name="$service"} |~ "two.lines"'),
    expect: lines(),
  },
  {
    name: '^ and $ are the ends of the whole text, not of a line in it',
    citation: citations.re2,
    logs,
    request: range('{service_name="$service"} |~ "^lines|two$"'),
    expect: lines(),
  },
  {
    name: 'escapes of a quoted text are those of Go',
    citation: undefined,
    logs: [line(1, 'say "é" \\ 漢 😀\tend'), line(2, 'other')],
    request: range('{service_name="$service"} |= "\\"\\u00e9\\" \\\\ 漢 😀\\tend"'),
    expect: lines('say "é" \\ 漢 😀\tend'),
  },
  {
    name: 'a text in backticks has no escapes',
    citation: citations.backtick,
    logs: [line(1, 'a\\d "x"'), line(2, 'a1 "x"')],
    request: range('{service_name="$service"} |= `a\\d "x"`'),
    expect: lines('a\\d "x"'),
  },
  {
    name: 'a text is case-sensitive',
    citation: undefined,
    fromMemory: 'query/log_queries: "The matching is case-sensitive by default."',
    logs,
    request: range('{service_name="$service"} |= "Refused"'),
    expect: lines('order Refused'),
  },
  {
    name: 'or: one of the texts must occur',
    citation: undefined,
    fromMemory: 'query/log_queries, "Line filter expression": `|= "a" or "b"`',
    logs,
    request: range('{service_name="$service"} |= "refused" or "placed"'),
    expect: lines('order refused', 'order placed'),
  },
  {
    name: 'or of a regular expression',
    citation: undefined,
    fromMemory: 'query/log_queries, "Line filter expression": `|~ "a" or "b"`',
    logs,
    request: range('{service_name="$service"} |~ "^two" or "d$"'),
    expect: lines('order refused', 'order Refused', 'order placed', 'two\nlines'),
  },
]
