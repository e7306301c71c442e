import { type Context, Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import { guestCartOf, takeGuestCart } from '../cart/guest-cart'
import { asUser, type FrontendContext, type Login } from '../context'
import { idempotencyKeyOf, readForm } from '../form'
import { messagesOf } from '../language'
import { refererPath } from '../referer'
import { localPath, paths, routes } from '../routes'
import { clearSession, flash, sessionOf, shopperOf, signIn } from '../session'
import { page } from '../ui/page'
import { type FormError, loginFormError, registrationFormError } from './form-error'
import { type FormState, LoginForm, RegisterForm } from './forms'

export function accountRoutes(context: FrontendContext) {
  const { users, pendingRevocations, telemetry } = context
  return new Hono()
    .get(routes.register, (c) => registerPage(c, { returnTo: localPath(c.req.query('return_to')) }))
    .post(routes.register, async (c) => {
      const values = await readForm(c)
      const { username = '', email = '', password = '', first_name = '', last_name = '' } = values
      const returnTo = localPath(values.return_to)
      try {
        const json = { username, email, password, first_name, last_name }
        const header = { 'idempotency-key': idempotencyKeyOf(values) }
        const user = await jsonOrThrow(users.api.user.create.$post({ header, json }))
        telemetry.setAttribute('user.id', user.id)
      } catch (error) {
        const formError = registrationFormError(error, telemetry, messagesOf(c))
        // Whether the account was created is unknown after a 503 only: the same key finds it out.
        const key = formError.status === 503 ? idempotencyKeyOf(values) : undefined
        return registerPage(c, { values, returnTo, ...formError }, key)
      }
      flash(c, { kind: 'success', text: messagesOf(c).flash.registered })
      return c.redirect(paths.login(returnTo), 303)
    })
    .get(routes.login, (c) => {
      const returnTo = localPath(c.req.query('return_to')) ?? sessionOf(c)?.get('return_to') ?? refererPath(c)
      if (shopperOf(c)) return c.redirect(returnTo ?? routes.home, 303)
      return loginPage(c, { returnTo })
    })
    .post(routes.login, async (c) => {
      const values = await readForm(c)
      const { username = '', password = '' } = values
      const returnTo = localPath(values.return_to) ?? sessionOf(c)?.get('return_to') ?? undefined
      try {
        const login = await jsonOrThrow(users.api.user.login.$post({ json: { username, password } }))
        await startSession(c, login)
      } catch (error) {
        return loginPage(c, { values, returnTo, ...loginFormError(error, telemetry, messagesOf(c)) })
      }
      return c.redirect(returnTo ?? routes.home, 303)
    })
    .post(routes.logout, async (c) => {
      const shopper = shopperOf(c)
      // A copy of the cookie is valid until its token is revoked.
      if (shopper) await revoke(shopper)
      clearSession(c)
      flash(c, { kind: 'success', text: messagesOf(c).flash.goodbye })
      return c.redirect(routes.home, 303)
    })

  /** @throws Error when the token is neither revoked nor stored: the shopper stays signed in */
  async function revoke(shopper: { token: string }): Promise<void> {
    try {
      await jsonOrThrow(users.api.user.logout.$post({}, asUser(shopper)))
    } catch (error) {
      if (!pendingRevocations) throw error
      pendingRevocations.add(shopper.token)
    }
  }

  async function startSession(c: Context, login: Login): Promise<void> {
    const guestCart = guestCartOf(c)
    signIn(c, login)
    telemetry.setAttribute('user.id', login.user.id)
    const { flash: texts, cart: cartTexts } = messagesOf(c)
    const welcome = texts.welcome(login.user.first_name)
    // Without order-service the login still succeeds, and the cart follows when it is next shown.
    const names = await takeGuestCart(context, c, login, guestCart).catch(() => [])
    flash(
      c,
      names.length === 0
        ? { kind: 'success', text: welcome }
        : { kind: 'info', text: `${welcome}. ${cartTexts.notTaken(names)}`, to_cart: true },
    )
  }
}

type PageState = FormState & Partial<Pick<FormError, 'status' | 'retryAfter'>>

function registerPage(c: Context, { status, retryAfter, ...state }: PageState, key: string = crypto.randomUUID()) {
  const options = { title: messagesOf(c).account.registerTitle, status: status ?? 200, retryAfter }
  return page(c, options, <RegisterForm state={state} idempotencyKey={key} />)
}

function loginPage(c: Context, { status, retryAfter, ...state }: PageState) {
  const options = { title: messagesOf(c).account.loginTitle, status: status ?? 200, retryAfter }
  return page(c, options, <LoginForm state={state} />)
}
