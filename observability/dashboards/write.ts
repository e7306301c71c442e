/** Writes Grafana's dashboards from what is declared here: `bun run generate`. */
import { dashboardPath, dashboards } from '.'

const files: string[] = []
for (const [name, dashboard] of Object.entries(dashboards())) {
  files.push(dashboardPath(name))
  await Bun.write(dashboardPath(name), `${JSON.stringify(dashboard, null, 2)}\n`)
}
// Short arrays on one line, as in every other JSON of the repository.
await Bun.$`bunx biome format --write ${files}`.quiet()
