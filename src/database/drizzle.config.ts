import { defineConfig } from 'drizzle-kit'

// Called by generate.ts, once for each service and dialect.
const { SERVICE: service, DIALECT: dialect, OUT: out } = process.env
if (!service || (dialect !== 'mysql' && dialect !== 'sqlite')) {
  throw new Error('set SERVICE and DIALECT, or use: bun run generate')
}
// The columns choose their dialect by this.
process.env.DATABASE_URL = dialect === 'mysql' ? 'mysql://generate/only' : ':memory:'

export default defineConfig({
  dialect,
  casing: 'snake_case',
  schema: `services/${service}/schema.ts`,
  out: out ?? `services/${service}/migrations/${dialect}`,
})
