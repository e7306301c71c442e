/** Writes the generated pages of `docs/reference/`: `bun run generate`. */
import { problemsPage } from './problems'
import { routesPage } from './routes'
import { scenariosPage } from './scenarios'
import { settingsPage } from './settings'
import { telemetryPage } from './telemetry'

const pages = {
  telemetry: telemetryPage(),
  settings: settingsPage(),
  routes: routesPage(),
  problems: problemsPage(),
  scenarios: scenariosPage(),
}
for (const [name, text] of Object.entries(pages)) await Bun.write(`${import.meta.dir}/${name}.md`, text)
