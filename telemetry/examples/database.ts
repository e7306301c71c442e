/** SQL spans and pool metrics for any driver. Run: `bun telemetry/examples/database.ts` */
import { Database } from 'bun:sqlite'
import { createTelemetry, type Telemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'

export function createNotesApp(telemetry: Telemetry, db = new Database(':memory:')) {
  db.run('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  // SQLite has one connection. For a mysql2 promise pool use telemetry.database(pool, 'notes').
  const traced = telemetry.instrumentDatabase({ system: 'sqlite', namespace: 'notes' }, () => ({
    idle: 1,
    used: 0,
    max: 1,
    pending: 0,
  }))
  const insert = 'INSERT INTO notes (text) VALUES (?)'
  const select = 'SELECT id, text FROM notes'

  return new Hono()
    .use(telemetry.middleware())
    .post('/notes', async (c) => {
      const text = await c.req.text()
      await traced.query(insert, async () => db.query(insert).run(text))
      return c.body(null, 201)
    })
    .get('/notes', async (c) => c.json(await traced.query(select, async () => db.query(select).all())))
}

if (import.meta.main) {
  const telemetry = createTelemetry({ serviceName: 'notes' })
  const server = Bun.serve({ port: 3000, fetch: createNotesApp(telemetry).fetch })
  process.on('SIGTERM', () => server.stop().then(() => telemetry.shutdown()))
}
