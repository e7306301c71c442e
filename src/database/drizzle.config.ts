import { defineConfig } from 'drizzle-kit'

// drizzle-kit loads this once per service and dialect; see generate-migrations.ts.
const { SERVICE: service, DIALECT: dialect } = process.env
if (!service || (dialect !== 'mysql' && dialect !== 'sqlite')) {
  throw new Error('set SERVICE and DIALECT, or use: bun run generate')
}
// columns.ts chooses the dialect by this variable.
process.env.DATABASE_URL = dialect === 'mysql' ? 'mysql://generate/only' : ':memory:'

export default defineConfig({
  dialect,
  casing: 'snake_case',
  schema: `services/${service}/schema.ts`,
  out: `services/${service}/migrations/${dialect}`,
})
