import { type Case, line, range } from './case'
import { citations } from './citations'
import { categorized, labels, lines, values } from './expect'

const document = JSON.stringify({
  status: 401,
  ok: true,
  ratio: 1.5,
  text: 'said "no"',
  list: [1, 2],
  nothing: null,
  'user-agent': 'curl',
  request: { method: 'GET', 'a.b': { c: 'd' } },
})
const documents = [line(1, document, { attributes: { color: 'red' } })]
const broken = [line(1, '{"status": 401'), line(2, '{"status": 401}'), line(3, 'text')]

const pipeline = (stages: string, headers?: Record<string, string>) =>
  range(`{service_name="$service"} ${stages}`, {}, headers)

export const pipelines: Case[] = [
  {
    name: 'json extracts properties as labels',
    citation: citations.json,
    logs: documents,
    request: pipeline('| json'),
    expect: labels({ status: '401', ok: 'true', ratio: '1.5', text: 'said "no"' }),
  },
  {
    name: 'json joins nested names with _',
    citation: citations.jsonNested,
    logs: documents,
    request: pipeline('| json'),
    expect: labels({ request_method: 'GET', request_a_b_c: 'd' }),
  },
  {
    name: 'json replaces characters that a label name cannot have by _',
    citation: citations.json,
    logs: documents,
    request: pipeline('| json'),
    expect: labels({ user_agent: 'curl' }),
  },
  {
    name: 'json skips arrays',
    citation: citations.jsonNested,
    logs: documents,
    request: pipeline('| json'),
    expect: labels({ list: undefined, list_0: undefined }),
  },
  {
    name: 'json keeps structured metadata',
    citation: citations.metadataReturned,
    logs: documents,
    request: pipeline('| json'),
    expect: labels({ color: 'red' }),
  },
  {
    name: 'extracted labels can be filtered',
    citation: citations.json,
    logs: broken,
    request: pipeline('| json | status=401 | __error__=""'),
    expect: lines('{"status": 401}'),
  },
  {
    name: 'a number of twenty digits stays as it is',
    citation: undefined,
    logs: [line(1, '{"id":12345678901234567890}')],
    request: pipeline('| json'),
    expect: labels({ id: '12345678901234567890' }),
  },
  {
    name: 'json adds __error__ to a line that is not JSON',
    citation: citations.jsonError,
    logs: [line(1, 'text')],
    request: pipeline('| json'),
    expect: labels({ __error__: 'JSONParserErr' }),
  },
  {
    name: 'json keeps a line that is not JSON',
    citation: citations.jsonError,
    logs: broken,
    request: pipeline('| json'),
    expect: lines('{"status": 401', '{"status": 401}', 'text'),
  },
  {
    name: 'a line that is a JSON array has __error__',
    citation: undefined,
    logs: [line(1, '[1]')],
    request: pipeline('| json'),
    expect: labels({ __error__: 'JSONParserErr' }),
  },
  {
    name: 'lines with an error can be selected',
    citation: citations.jsonError,
    logs: broken,
    request: pipeline('| json | __error__="JSONParserErr"'),
    expect: lines('{"status": 401', 'text'),
  },
  {
    name: 'a broken document passes a numeric filter after json',
    citation: undefined,
    fromMemory:
      'query/log_queries: "The string type is the only one that can filter out a log line with a label `__error__`."',
    logs: broken,
    request: pipeline('| json | status > 500'),
    expect: lines('{"status": 401', 'text'),
  },
  {
    name: 'an extracted label with the name of an index label gets _extracted',
    citation: undefined,
    fromMemory:
      'query/log_queries: "If an extracted label key name already exists in the original log stream, the extracted label key will be suffixed with the `_extracted` keyword"',
    logs: [line(1, '{"service_name":"other"}')],
    request: pipeline('| json'),
    expect: labels({ service_name: '$service', service_name_extracted: 'other' }),
  },
  {
    name: 'an extracted label with the name of structured metadata gets _extracted',
    citation: undefined,
    logs: [line(1, '{"color":"blue"}', { attributes: { color: 'red' } })],
    request: pipeline('| json'),
    expect: labels({ color: 'red', color_extracted: 'blue' }),
  },
  {
    name: 'line_format writes labels',
    citation: citations.template,
    logs: documents,
    request: pipeline('| json | line_format "{{.request_method}} {{.status}} {{.color}}"'),
    expect: lines('GET 401 red'),
  },
  {
    name: 'line_format writes the line',
    citation: citations.templateLine,
    logs: [line(1, 'text')],
    request: pipeline('| line_format `<{{__line__}}>`'),
    expect: lines('<text>'),
  },
  {
    name: 'line_format may have spaces in its braces',
    citation: citations.templateLine,
    logs: [line(1, 'text')],
    request: pipeline('| line_format "{{ __line__ }} of {{ .service_name }}"'),
    expect: lines('text of $service'),
  },
  {
    name: 'line_format writes an empty text for a missing label',
    citation: undefined,
    logs: [line(1, 'text')],
    request: pipeline('| line_format "<{{.nope}}>"'),
    expect: lines('<>'),
  },
  {
    name: 'a line filter after line_format sees the new line',
    citation: citations.leftToRight,
    logs: [line(1, 'one'), line(2, 'two')],
    request: pipeline('| line_format "new {{__line__}}" |= "new o"'),
    expect: lines('new one'),
  },
  {
    name: 'a line filter before line_format sees the old line',
    citation: citations.leftToRight,
    logs: [line(1, 'one'), line(2, 'two')],
    request: pipeline('|= "one" | line_format "x"'),
    expect: lines('x'),
  },
  {
    name: 'drop removes labels',
    citation: undefined,
    fromMemory: 'query/log_queries, "Drop Labels expression"',
    logs: [line(1, 'text', { attributes: { color: 'red', n: 1 } })],
    request: pipeline('| drop color, nope'),
    expect: labels({ color: undefined, n: '1', service_name: '$service' }),
  },
  {
    name: 'drop removes index labels',
    citation: undefined,
    logs: [line(1, 'text')],
    request: pipeline('| drop service_name'),
    expect: labels({ service_name: undefined }),
  },
  {
    name: 'a dropped label is missing in later stages',
    citation: citations.leftToRight,
    logs: [line(1, 'text', { attributes: { color: 'red' } })],
    request: pipeline('| drop color | color=""'),
    expect: lines('text'),
  },
  {
    name: 'drop __error__ removes the error',
    citation: citations.dropError,
    logs: [line(1, 'text')],
    request: pipeline('| json | drop __error__'),
    expect: labels({ __error__: undefined }),
  },
  {
    name: 'with categorize-labels, a stream has index labels, and each line has its other labels by origin',
    citation: citations.categories,
    logs: [line(1, '{"status":401}', { attributes: { color: 'red' } })],
    request: pipeline('| json', { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' }),
    expect: categorized({
      stream: { service_name: '$service', color: undefined, status: undefined },
      structuredMetadata: { color: 'red', status: undefined },
      parsed: { status: '401', color: undefined },
    }),
  },
  {
    name: 'with categorize-labels, lines of one stream are together',
    citation: citations.categories,
    logs: [line(1, 'one', { attributes: { color: 'red' } }), line(2, 'two', { attributes: { color: 'blue' } })],
    request: pipeline('', { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' }),
    expect: values(['$t(2)', 'two'], ['$t(1)', 'one']),
  },
]
