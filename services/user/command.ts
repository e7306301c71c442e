/**
 * `bun run admin:create USERNAME EMAIL` creates the first administrator, `bun run admin:password USERNAME` replaces a password.
 * Both use the database of `DATABASE_URL`, while user-service runs or not.
 */
import { parseArgs } from 'node:util'
import { createTelemetry } from '@vitrine/telemetry'
import { openDatabase } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import { readSettings } from '../../src/settings'
import { createAdministrator, resetPassword } from './administrators'
import { newUser } from './new-user'
import { refusals } from './refusals'
import { userSettings } from './settings'

const usage = `usage: bun run admin:create USERNAME EMAIL [--additional] [--first-name NAME] [--last-name NAME] [--password-stdin]
       bun run admin:password USERNAME [--password-stdin]

  --additional      creates one although there is an administrator
  --password-stdin  reads the password from standard input; otherwise it is generated and printed once

  DATABASE_URL      the database of user-service`

const options = {
  additional: { type: 'boolean', default: false },
  'first-name': { type: 'string', default: 'Admin' },
  'last-name': { type: 'string', default: 'Vitrine' },
  'password-stdin': { type: 'boolean', default: false },
} as const

try {
  process.stdout.write(`${await run()}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exit(1)
}

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [verb, username, email, ...more] = positionals
  const isValid = verb === 'create' ? email !== undefined : verb === 'password' && email === undefined
  if (!isValid || username === undefined || more.length > 0) throw new Error(usage)
  const { DATABASE_URL: url } = readSettings(process.env, (field) => ({
    DATABASE_URL: userSettings(field).DATABASE_URL,
  }))
  const password = values['password-stdin'] ? (await Bun.stdin.text()).replace(/\r?\n$/, '') : generatePassword()
  const names = { first_name: values['first-name'], last_name: values['last-name'] }
  const person = parse({ username, email: email ?? 'admin@example.test', password, ...names })
  const telemetry = createTelemetry({
    serviceName: 'user-service',
    env: { OTEL_SDK_DISABLED: 'true' },
    write: () => {},
  })
  const database = await openDatabase({ telemetry, url, migrations: `${import.meta.dir}/migrations` })
  try {
    if (verb === 'create') await createAdministrator(database, person, { isAdditional: values.additional })
    else await resetPassword(database, person)
  } finally {
    await database.close()
  }
  const done =
    verb === 'create'
      ? `created the administrator "${person.username}"`
      : 'replaced the password and ended all sessions'
  return values['password-stdin'] ? done : `${done}\npassword, shown only here: ${password}`
}

/** 144 random bits. */
function generatePassword(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url')
}

function parse(input: unknown) {
  const result = newUser.safeParse(input)
  if (result.success) return result.data
  throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
}

function messageOf(error: unknown): string {
  if (!(error instanceof DomainError)) return (error as Error).message
  return refusals[error.code as keyof typeof refusals]?.[1] ?? error.code
}
