/** Writes Grafana’s dashboards (`bun run generate`). */
import { dashboardPath, dashboards } from '.'

const files: string[] = []
for (const [name, dashboard] of Object.entries(dashboards())) {
  files.push(dashboardPath(name))
  await Bun.write(dashboardPath(name), `${JSON.stringify(dashboard, null, 2)}\n`)
}
// Formatted like all JSON in the repository.
await Bun.$`bunx biome format --write ${files}`.quiet()
