import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestLimits } from '../../src/admit-request'
import { currentClientAddress } from '../../src/client-address'
import type { Faults } from '../../src/faults/faults'
import { secured } from '../../src/openapi/contract'
import type { ServerTimingOptions } from '../../src/server-timing'
import { bearerToken, createService, requireServiceKey } from '../../src/service'
import { validateRequest } from '../../src/validate-request'
import { pageQuery } from '../page'
import { adminOnly, signedIn } from '../signed-in'
import { changePassword } from './change-password'
import { createUserContext, type UserContextOptions } from './context'
import { contract } from './contract'
import { createUser } from './create-user'
import { findUserByToken } from './find-user-by-token'
import { listUsers } from './find-users'
import { logIn } from './log-in'
import { newPassword, newUser } from './new-user'
import { refusals } from './refusals'
import { revokeToken } from './revoke-token'
import { endSessions, listSessions } from './sessions'
import { hashToken } from './token'
import type { User } from './user'

const password = z.string().min(1).max(128)
const registrationKey = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,100}$/, '8 to 100 visible ASCII characters')
    .optional(),
})
const credentials = z.object({
  username: z.string().normalize('NFKC').trim().toLowerCase().min(1).max(254),
  password,
})
const passwordChange = z.object({ current_password: password, new_password: newPassword })
// In the body, because signals have the path.
const revocation = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits, lower case') })

export interface UserAppOptions extends UserContextOptions, RequestLimits {
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  requestBudgetMs?: number | undefined
}

export function createUserApp(options: UserAppOptions, context = createUserContext(options)) {
  const { database, telemetry, serviceKey } = options

  return createService({ ...options, contract, refusals, ready: database.ping })
    .post('/api/user/create', validateRequest({ header: registrationKey, json: newUser }), async (c) => {
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const user = await createUser(context, c.req.valid('json'), { idempotencyKey, address: currentClientAddress() })
      return c.json(user, 201)
    })
    .post('/api/user/login', validateRequest({ json: credentials }), async (c) =>
      c.json(await logIn(context, { ...c.req.valid('json'), address: currentClientAddress() }), 200),
    )
    .post('/api/user/logout', withToken, async (c) => {
      await revokeToken(context, hashToken(bearerToken(c)))
      return c.body(null, 204)
    })
    .get('/api/user', signedIn(findUser), (c) => c.json(c.get('user'), 200))
    .put('/api/user/password', signedIn(findUser), validateRequest({ json: passwordChange }), async (c) => {
      const { current_password: currentPassword, new_password: newPassword } = c.req.valid('json')
      const tokenHash = hashToken(bearerToken(c))
      await changePassword(context, { userId: c.get('user').id, tokenHash, currentPassword, newPassword })
      return c.body(null, 204)
    })
    .get('/api/user/sessions', signedIn(findUser), async (c) =>
      c.json(await listSessions(context, { userId: c.get('user').id, tokenHash: hashToken(bearerToken(c)) }), 200),
    )
    .delete('/api/user/sessions', signedIn(findUser), async (c) => {
      await endSessions(context, c.get('user').id)
      return c.body(null, 204)
    })
    .get('/api/users', adminOnly(findUser), validateRequest({ query: pageQuery }), async (c) =>
      c.json(await listUsers(context, c.req.valid('query')), 200),
    )
    .put('/api/tokens/revoked', requireServiceKey(serviceKey), validateRequest({ json: revocation }), async (c) => {
      await revokeToken(context, c.req.valid('json').sha256)
      return c.body(null, 204)
    })

  async function findUser(c: Context): Promise<User> {
    const user = await findUserByToken(context, bearerToken(c), new Date(context.now()))
    telemetry.setAttribute('user.id', user.id)
    return user
  }
}

export type UserApi = ReturnType<typeof createUserApp>

// Any token: a token that is unknown is revoked already.
const withToken = secured('token', async (c, next) => {
  bearerToken(c)
  await next()
})
