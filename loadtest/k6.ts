import { existsSync } from 'node:fs'
import { programsDir } from '../observability/native/programs'

const install = 'observability/native/install'
/** k6 runs TypeScript from here on. */
const leastVersion = 1

/**
 * Where k6 is: built here, on the `PATH`, or built now from source with Go, which takes some minutes.
 * @throws Error that says how to get it
 */
export async function findK6(say: (line: string) => void): Promise<string> {
  const built = `${programsDir}/k6`
  if (existsSync(built)) return built
  const onPath = Bun.which('k6')
  if (onPath && majorOf(onPath) >= leastVersion) return onPath
  const lack = onPath
    ? `${onPath} is older than version ${leastVersion}, from which k6 runs TypeScript`
    : 'k6 is not here'
  if (!Bun.which('go')) throw new Error(`${lack}. ${advice}`)
  say(`${lack}: building it from source, once (some minutes)`)
  const child = Bun.spawn([`${import.meta.dir}/../${install}`, 'k6'], { stdout: 'ignore', stderr: 'inherit' })
  if ((await child.exited) === 0) return built
  throw new Error(`k6 could not be built. ${advice}`)
}

const advice = [
  'To have it:',
  `  ${install} k6                  builds it from source, with Go 1.26 or newer`,
  '  https://grafana.com/docs/k6/latest/set-up/install-k6/   packages for most systems; any k6 from 1.0 on the PATH will do',
].join('\n')

function majorOf(path: string): number {
  const said = Bun.spawnSync([path, 'version']).stdout.toString()
  return Number(/v(\d+)\./.exec(said)?.[1] ?? 0)
}
