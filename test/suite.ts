import type { Requirement } from './requirements'

/** Tests that run together, in one process. */
export interface Part {
  name: string
  /** Folders and files. A test file belongs to the part with the longest path that leads to it. */
  paths: string[]
  /** Seconds on two idle cores, for the progress lines. */
  seconds: number
  requires?: Requirement[]
  /** `verify`: also part of `bun run verify`. `all`: left to `bun run test all`, and run alone. */
  runsIn?: 'verify' | 'all'
  /** Runs the tests of these paths once more, on this server. */
  database?: 'mariadb' | 'mysql'
}

const databasePaths = ['services', 'src', 'test/journey.test.ts', 'test/lambda.test.ts']
const stack = (...names: string[]) => names.map((name) => `test/stack/${name}.test.ts`)

/** All tests, in the order in which they start. Tests that promise a time pass on an idle machine only: they are in `all`. */
export const suite: Part[] = [
  {
    name: 'services',
    paths: [
      'services',
      'test/odd-requests',
      ...['contract', 'journey', 'lambda', 'invalid-json'].map((name) => `test/${name}.test.ts`),
    ],
    seconds: 20,
    runsIn: 'verify',
  },
  { name: 'foundation', paths: ['src'], seconds: 20, runsIn: 'verify' },
  { name: 'telemetry', paths: ['telemetry'], seconds: 20, runsIn: 'verify' },
  { name: 'console', paths: ['console'], seconds: 10, runsIn: 'verify' },
  {
    name: 'operators',
    paths: ['observability', 'stack', 'dev', 'launch', 'loadtest', 'scenarios', 'docs', 'lint'],
    seconds: 10,
    runsIn: 'verify',
  },
  { name: 'repository', paths: ['.'], seconds: 10 },
  { name: 'processes', paths: ['test/processes'], seconds: 60 },
  { name: 'browser', paths: ['test/browser'], seconds: 60, requires: ['browser'] },
  {
    name: 'mariadb',
    paths: databasePaths,
    seconds: 40,
    requires: ['mariadb'],
    database: 'mariadb',
  },
  { name: 'mysql', paths: databasePaths, seconds: 40, requires: ['mysql'], database: 'mysql' },
  { name: 'database-down', paths: ['test/processes/database-unavailable.test.ts'], seconds: 5, requires: ['mariadb'] },
  { name: 'alerting', paths: stack('alertmanager', 'rules', 'test-alert'), seconds: 40, requires: ['stack'] },
  {
    name: 'collector',
    paths: stack('collector', 'console', 'collector-restart', 'odd-values', 'sampling'),
    seconds: 40,
    requires: ['stack'],
  },
  { name: 'package', paths: ['test/package'], seconds: 20, requires: ['stack', 'node', 'registry'] },
  { name: 'compose', paths: ['test/compose'], seconds: 15, requires: ['go'] },
  { name: 'image', paths: ['test/compose/image.test.ts'], seconds: 15 },
  {
    name: 'promised-times',
    paths: ['console', 'restart', 'recovery'].map((name) => `test/processes/${name}.test.ts`),
    seconds: 70,
    runsIn: 'all',
  },
  { name: 'kill-rounds', paths: ['test/kill-rounds'], seconds: 180, runsIn: 'all' },
  { name: 'logql', paths: ['console/log-server/property/long.test.ts'], seconds: 60, runsIn: 'all' },
  { name: 'odd-requests', paths: ['test/odd-requests/long.test.ts'], seconds: 120, runsIn: 'all' },
  { name: 'schemathesis', paths: ['test/schemathesis'], seconds: 150, requires: ['schemathesis'], runsIn: 'all' },
  { name: 'stack', paths: ['test/stack'], seconds: 300, requires: ['stack', 'mariadb'], runsIn: 'all' },
  { name: 'loadtest', paths: stack('loadtest'), seconds: 120, runsIn: 'all' },
  { name: 'telemetry-loss', paths: stack('telemetry-loss'), seconds: 300, requires: ['stack'], runsIn: 'all' },
  {
    name: 'scenarios',
    paths: stack('scenarios', 'interrupted'),
    seconds: 500,
    requires: ['stack', 'mariadb'],
    runsIn: 'all',
  },
]

/** The test files of each part; those that run on a server come once more for each. @param files relative to the repository */
export function filesByPart(files: string[], parts = suite): Map<Part, string[]> {
  const owners = parts.filter((part) => !part.database)
  const ownerOf = new Map(files.map((file) => [file, owners.toSorted((a, b) => match(file, b) - match(file, a))[0]]))
  const isIn = (file: string, part: Part) => (part.database ? match(file, part) > 0 : ownerOf.get(file) === part)
  return new Map(parts.map((part) => [part, files.filter((file) => isIn(file, part))]))
}

/** The length of the path of a part that leads to a file; 0 where none does. */
function match(file: string, { paths }: Part): number {
  const leads = (path: string) => path === '.' || file === path || file.startsWith(`${path}/`)
  return Math.max(0, ...paths.filter(leads).map((path) => path.length))
}
