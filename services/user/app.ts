import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { currentClientAddress } from '../../src/client-address'
import type { Faults } from '../../src/faults/faults'
import { DomainError } from '../../src/problem'
import type { ServerTimingOptions } from '../../src/server-timing'
import { bearerToken, createService, requireServiceKey } from '../../src/service'
import { validateRequest } from '../../src/validate-request'
import { pageQuery } from '../page'
import { changePassword } from './change-password'
import { createUserContext, type UserContextOptions } from './context'
import { createUser } from './create-user'
import { findUserByToken } from './find-user-by-token'
import { listUsers } from './find-users'
import { logIn } from './log-in'
import { refusals } from './refusals'
import { revokeToken } from './revoke-token'
import { endSessions, listSessions } from './sessions'
import { hashToken } from './token'
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
const newPassword = z.string().min(8).max(128)
const password = z.string().min(1).max(128)

const newUser = z.object({
  username,
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  password: newPassword,
  first_name: name,
  last_name: name,
})
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
const tokenHash = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits, lower case') })

export interface UserAppOptions extends UserContextOptions {
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  requestBudgetMs?: number | undefined
  maxConcurrentRequests?: number | undefined
}

export function createUserApp(options: UserAppOptions, context = createUserContext(options)) {
  const { database, telemetry, serviceKey } = options

  // Before the validation, so that a request without a valid token is a 401 whatever it contains.
  const requireUser = createMiddleware<{ Variables: { user: User; tokenHash: string } }>(
    async function requireUser(c, next) {
      const token = bearerToken(c)
      const user = await findUserByToken(context, token, new Date(context.now()))
      telemetry.setAttribute('user.id', user.id)
      c.set('user', user)
      c.set('tokenHash', hashToken(token))
      await next()
    },
  )
  const requireAdmin = createMiddleware<{ Variables: { user: User } }>(async function requireAdmin(c, next) {
    if (!c.get('user').is_admin) throw new DomainError('FORBIDDEN')
    await next()
  })

  return createService({ ...options, refusals, ready: database.ping })
    .post('/api/user/create', validateRequest({ header: registrationKey, json: newUser }), async (c) => {
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const user = await createUser(context, c.req.valid('json'), { idempotencyKey, address: currentClientAddress() })
      return c.json(user, 201)
    })
    .post('/api/user/login', validateRequest({ json: credentials }), async (c) =>
      c.json(await logIn(context, { ...c.req.valid('json'), address: currentClientAddress() }), 200),
    )
    .post('/api/user/logout', async (c) => {
      await revokeToken(context, hashToken(bearerToken(c)))
      return c.body(null, 204)
    })
    .get('/api/user', requireUser, (c) => c.json(c.get('user'), 200))
    .put('/api/user/password', requireUser, validateRequest({ json: passwordChange }), async (c) => {
      const { current_password, new_password } = c.req.valid('json')
      await changePassword(context, {
        userId: c.get('user').id,
        tokenHash: c.get('tokenHash'),
        currentPassword: current_password,
        newPassword: new_password,
      })
      return c.body(null, 204)
    })
    .get('/api/user/sessions', requireUser, async (c) => {
      const items = await listSessions(context, { userId: c.get('user').id, tokenHash: c.get('tokenHash') })
      return c.json({ items }, 200)
    })
    .delete('/api/user/sessions', requireUser, async (c) => {
      await endSessions(context, c.get('user').id)
      return c.body(null, 204)
    })
    .get('/api/users', requireUser, requireAdmin, validateRequest({ query: pageQuery }), async (c) =>
      c.json(await listUsers(context, c.req.valid('query')), 200),
    )
    .delete('/api/tokens/:sha256', requireServiceKey(serviceKey), validateRequest({ param: tokenHash }), async (c) => {
      await revokeToken(context, c.req.valid('param').sha256)
      return c.body(null, 204)
    })
}

export type UserApi = ReturnType<typeof createUserApp>
