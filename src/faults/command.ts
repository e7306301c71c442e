/**
 * `bun run fault FLAG VALUE [--service S] [--route R] [--percent P]`, `bun run fault off [FLAG]`, `bun run fault list`: sets
 * the faults in the file that the services of `bun run dev` watch. `FAULTS_FILE` names another file.
 */
import { parseArgs } from 'node:util'
import { describeFault, type Fault } from './fault'
import { clearFaults, defaultFaultFile, readFaults, setFault } from './fault-file'
import { type FaultKey, faultKeys, flags } from './flags'

const usage = `usage: bun run fault FLAG VALUE [--service S] [--route R] [--percent P]
       bun run fault off [FLAG]
       bun run fault list

${faultKeys.map((key) => `  ${key.padEnd(17)} ${flags[key].unit.padEnd(12)} ${flags[key].description}`).join('\n')}

  --service         order, product, user or frontend; all by default
  --route           '/api/products' or 'PUT /api/reservations/:orderId': http.route, as on spans
  --percent         percentage of traces; the same traces in all services`

const file = defaultFaultFile(process.env)

try {
  const options = { service: { type: 'string' }, route: { type: 'string' }, percent: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (!file) throw new Error('FAULTS_FILE is empty: set it to the path of a file, or unset it')
  process.stdout.write(`${run(file, positionals, values)}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

function run(
  file: string,
  [flag, value, ...more]: string[],
  { service, route, percent }: { service?: string; route?: string; percent?: string },
): string {
  if (!flag || more.length > 0) throw new Error(usage)
  if (flag === 'list') return list(file)
  if (flag === 'off') {
    if (value) setFault(file, value as FaultKey, { value: 0 })
    else clearFaults(file)
    return list(file)
  }
  if (!value || !Number.isFinite(Number(value))) throw new Error(usage)
  const fault: Fault = {
    value: Number(value),
    ...(service && { service }),
    ...(route && { route }),
    ...(percent && { percent: Number(percent) }),
  }
  setFault(file, flag as FaultKey, fault)
  return list(file)
}

function list(file: string): string {
  const faults = Object.entries(readFaults(file)) as [FaultKey, Fault][]
  if (faults.length === 0) return `no fault is on (${file}); set one with bun run fault FLAG VALUE`
  return `${file}\n${faults.map(([key, fault]) => `  ${describeFault(key, fault)}`).join('\n')}`
}
