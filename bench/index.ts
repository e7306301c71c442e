/**
 * `bun run bench` measures the cost of telemetry per request, the storefront's home page and the console. `--json` prints one
 * object instead of tables. `bun run bench NAME [numbers]` runs one of `middleware`, `home`, `pages`, `console`, `parts`, `memory`,
 * `outage`, `overload`, `logins`, `journeys`, `load-engine`, `logs`. Shared machines are noisy: compare figures of one run, not of two.
 */
import { benchConsole } from './console'
import { home } from './home'
import { journeys } from './journeys'
import { loadEngine } from './load-engine'
import { logins } from './logins'
import { logs } from './logs'
import { memory } from './memory'
import { middleware } from './middleware'
import { outage } from './outage'
import { overload } from './overload'
import { pages } from './pages'
import { parts } from './parts'
import { print } from './print'

const isJson = process.argv.includes('--json')
const [name, ...numbers] = process.argv.slice(2).filter((argument) => argument !== '--json')
const [first, second, third] = numbers.map(Number)

const benches: Record<string, () => Promise<unknown>> = {
  middleware: () => middleware(first, second, printTable),
  home: () => home(first, second, printTable),
  pages: () => pages(first, second, printTable),
  parts: () => parts(first, second),
  memory: () => memory(first),
  console: () => benchConsole(first, second, printTable),
  outage: () => outage(first),
  overload: () => overload(first, second),
  logins: () => logins(first, second, third),
  journeys: () => journeys(first, second),
  'load-engine': () => loadEngine(first, second),
  logs: () => logs(first),
}

if (name === undefined) {
  const results = {
    middleware: await middleware(20_000, 15, printTable),
    home: await home(1, 21, printTable),
    console: await benchConsole(60, 1_000_000, printTable),
  }
  if (isJson) print(JSON.stringify(results))
} else if (benches[name]) {
  const result = await benches[name]()
  if (isJson) print(JSON.stringify({ [name]: result }))
} else {
  process.stderr.write(`no bench "${name}"; there are: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
process.exit(0)

function printTable(text: string): void {
  if (!isJson) print(text)
}
