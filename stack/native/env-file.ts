import type { Program } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'

/** What `bun run dev`, `validate` and others read while the stack runs. */
export function envFile(places: StackEndpoints, databases: Program[], shrink: number): string {
  const lines = {
    STACK_SHRINK: shrink,
    VITRINE_CONSOLE_PORT: new URL(places.collector).port,
    COLLECTOR_URL: places.collector,
    JAEGER_URL: places.jaeger,
    PROMETHEUS_URL: places.prometheus,
    LOKI_URL: places.loki,
    ALERTMANAGER_URL: places.alertmanager,
    RECEIVER_URL: places.receiver,
    CONSOLE_URL: places.console,
    ...Object.fromEntries(
      databases.map(({ name, url }) => [`${name.slice('mysql-'.length).toUpperCase()}_DATABASE_URL`, url]),
    ),
  }
  return `# Written by \`bun run stack\`, read by \`bun run dev\` while it runs.\n${Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`
}
