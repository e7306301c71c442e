/**
 * Reports each schema that differs from the last snapshot of its migrations, in the dialect of `DATABASE_URL`. `bun run
 * verify` runs it for both.
 */
import { readdirSync } from 'node:fs'
import { generateMySQLDrizzleJson, generateSQLiteDrizzleJson } from 'drizzle-kit/api'
import { dialect } from './columns'

const createSnapshot = dialect === 'mysql' ? generateMySQLDrizzleJson : generateSQLiteDrizzleJson

for (const service of ['user', 'product', 'order']) {
  const folder = `${import.meta.dir}/../../services/${service}`
  const meta = `${folder}/migrations/${dialect}/meta`
  const last = readdirSync(meta)
    .filter((name) => name.endsWith('_snapshot.json'))
    .toSorted()
    .at(-1)
  const migrated = await Bun.file(`${meta}/${last}`).json()
  const current = await createSnapshot(await import(`${folder}/schema.ts`), undefined, 'snake_case')
  if (Bun.deepEquals(migrated.tables, JSON.parse(JSON.stringify(current.tables)))) continue
  process.stdout.write(`services/${service}/schema.ts has changes without a migration: bun run generate NAME\n`)
  process.exitCode = 1
}
