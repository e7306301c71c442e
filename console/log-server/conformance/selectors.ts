import { type Case, line, range } from './case'
import { citations } from './citations'
import { lines, refused } from './expect'

const two = [
  line(1, 'development', { resource: { 'deployment.environment.name': 'development' } }),
  line(2, 'production', { resource: { 'deployment.environment.name': 'production' } }),
  line(3, 'none'),
]

export const selectors: Case[] = [
  {
    name: '= selects the streams whose label has exactly this value',
    citation: citations.equal,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name="production"}'),
    expect: lines('production'),
  },
  {
    name: '!= selects the streams whose label has another value, or is missing',
    citation: citations.notEqual,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name!="production"}'),
    expect: lines('development', 'none'),
  },
  {
    name: '=~ selects by a regular expression',
    citation: citations.regexMatch,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=~"dev.*|test"}'),
    expect: lines('development'),
  },
  {
    name: '!~ selects what does not match the regular expression',
    citation: citations.notRegexMatch,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name!~"dev.*|test"}'),
    expect: lines('production', 'none'),
  },
  {
    name: 'a regular expression of a selector is anchored at both ends',
    citation: citations.anchored,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=~"prod|evelopment"}'),
    expect: lines(),
  },
  {
    name: 'an alternative of a regular expression is anchored too',
    citation: citations.anchored,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=~"x|production|y"}'),
    expect: lines('production'),
  },
  {
    name: 'the empty text selects streams without the label',
    citation: citations.emptyIsMissing,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=""}'),
    expect: lines('none'),
  },
  {
    name: '=~".+" selects streams with the label',
    citation: citations.prometheusRules,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=~".+"}'),
    expect: lines('development', 'production'),
  },
  {
    name: 'several matchers of one label must all pass',
    citation: citations.samelabelTwice,
    logs: two,
    request: range(
      '{service_name="$service", deployment_environment_name!="production", deployment_environment_name=~".+"}',
    ),
    expect: lines('development'),
  },
  {
    name: 'matchers are separated by commas and all must pass',
    citation: citations.selectorIsAnd,
    logs: two,
    request: range('{ service_name = "$service" , deployment_environment_name = "development" }'),
    expect: lines('development'),
  },
  {
    name: 'a selector may be quoted by backticks',
    citation: citations.backtick,
    logs: [line(1, 'found', { resource: { 'service.namespace': 'a\\d' } })],
    request: range('{service_name="$service", service_namespace=`a\\d`}'),
    expect: lines('found'),
  },
  {
    name: 'regular expressions are RE2: flags in front',
    citation: citations.re2,
    logs: two,
    request: range('{service_name="$service", deployment_environment_name=~"(?i)PRODUCTION"}'),
    expect: lines('production'),
  },
  {
    name: 'the dot of a regular expression does not match a newline',
    citation: citations.newline,
    logs: [line(1, 'found', { resource: { 'service.namespace': 'two\nlines' } })],
    request: range('{service_name="$service", service_namespace=~"two.lines"}'),
    expect: lines(),
  },
  {
    name: 'a character class may match a newline',
    citation: citations.newline,
    logs: [line(1, 'found', { resource: { 'service.namespace': 'two\nlines' } })],
    request: range('{service_name="$service", service_namespace=~"two[\\\\s\\\\S]lines"}'),
    expect: lines('found'),
  },
  {
    name: 'a selector does not match structured metadata',
    citation: undefined,
    fromMemory: 'get-started/labels/structured-metadata: metadata is attached to lines without indexing them',
    logs: [line(1, 'found', { attributes: { color: 'red' } })],
    request: range('{service_name="$service", color="red"}'),
    expect: lines(),
  },
  {
    name: 'a selector that matches everything is refused',
    citation: citations.notEverything,
    request: range('{service_name=~".*"}'),
    expect: refused(/./),
  },
  {
    name: 'a selector with only negative matchers is refused',
    citation: citations.notEverything,
    request: range('{service_name!="x", service_namespace=""}'),
    expect: refused(/./),
  },
  {
    name: 'a selector without matchers is refused',
    citation: citations.notEverything,
    request: range('{}'),
    expect: refused(/./),
  },
  {
    name: 'a selector may match everything with one label when another matcher needs a value',
    citation: citations.notEverything,
    logs: two,
    request: range('{service_namespace=~".*", service_name="$service"}'),
    expect: lines('development', 'production', 'none'),
  },
]
