/** Writes Prometheus' rule files: `bun observability/prometheus/write-rules.ts [FOLDER] [--shrink 60]`; reads `RUNBOOK_BASE_URL`. */
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { renderRuleFiles } from './rule-files'

const { values, positionals } = parseArgs({
  options: { shrink: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const folder = positionals[0] ?? `${import.meta.dir}/rules`
const files = renderRuleFiles({
  shrink: Number(values.shrink),
  runbookBaseUrl: process.env.RUNBOOK_BASE_URL || undefined,
})

mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(files)) await Bun.write(`${folder}/${name}`, text)
