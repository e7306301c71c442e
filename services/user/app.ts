import type { Telemetry } from '@vitrine/telemetry'
import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestLimits } from '../../src/admit-request'
import type { OpenDatabase } from '../../src/database/database'
import type { Faults } from '../../src/faults/faults'
import { secured } from '../../src/openapi/contract'
import type { ServerTimingOptions } from '../../src/server-timing'
import { bearerToken, createService } from '../../src/service'
import { validateRequest } from '../../src/validate-request'
import { signedIn } from '../signed-in'
import { contract } from './contract'
import { createUser } from './create-user'
import { createInstruments } from './declarations'
import { findUserByToken } from './find-user-by-token'
import { logIn } from './log-in'
import { logOut } from './log-out'
import { decoyHash } from './password'
import { refusals } from './refusals'
import type { User } from './user'

const username = z
  .string()
  .normalize('NFKC')
  .trim()
  .toLowerCase()
  .min(3)
  .max(32)
  .regex(/^[\p{L}\p{N}._-]+$/u, 'only letters, digits, dots, dashes and underscores')
const name = z.string().trim().min(1).max(100)

const newUser = z.object({
  username,
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  password: z.string().min(8).max(128),
  first_name: name,
  last_name: name,
})
const credentials = z.object({
  username: z.string().normalize('NFKC').trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(128),
})

export interface UserAppOptions extends RequestLimits {
  database: OpenDatabase
  telemetry: Telemetry
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  requestBudgetMs?: number | undefined
}

export function createUserApp({ database, ...options }: UserAppOptions) {
  const { db } = database
  const instruments = createInstruments(options.telemetry)
  // Created at the start, so that the first login with an unknown name takes no longer than the next.
  decoyHash()

  return createService({ ...options, contract, refusals, ready: database.ping })
    .post('/api/user/create', validateRequest({ json: newUser }), async (c) =>
      c.json(await createUser({ db }, c.req.valid('json')), 201),
    )
    .post('/api/user/login', validateRequest({ json: credentials }), async (c) =>
      c.json(await logIn({ db, instruments }, c.req.valid('json')), 200),
    )
    .post('/api/user/logout', withToken, async (c) => {
      await logOut({ db }, bearerToken(c))
      return c.body(null, 204)
    })
    .get('/api/user', signedIn(findUser), (c) => c.json(c.get('user'), 200))

  async function findUser(c: Context): Promise<User> {
    const user = await findUserByToken({ db }, bearerToken(c))
    options.telemetry.setAttribute('user.id', user.id)
    return user
  }
}

export type UserApi = ReturnType<typeof createUserApp>

// Any token: a token that is unknown is revoked already.
const withToken = secured('token', async (c, next) => {
  bearerToken(c)
  await next()
})
