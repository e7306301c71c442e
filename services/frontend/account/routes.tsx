import { type Context, Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext, type Login } from '../context'
import { readForm } from '../form'
import { messagesOf } from '../language'
import { refererPath } from '../referer'
import { localPath, routes } from '../routes'
import { clearSession, flash, sessionOf, shopperOf, signIn, storeCartCount } from '../session'
import { page } from '../ui/page'
import { loginFormError, registrationFormError } from './form-error'
import { type FormState, LoginForm, RegisterForm } from './forms'

export function accountRoutes({ users, orders, telemetry }: FrontendContext) {
  return new Hono()
    .get(routes.register, (c) => registerPage(c, {}))
    .post(routes.register, async (c) => {
      const values = await readForm(c)
      const { username = '', email = '', password = '', first_name = '', last_name = '' } = values
      try {
        const json = { username, email, password, first_name, last_name }
        const user = await jsonOrThrow(users.api.user.create.$post({ json }))
        telemetry.setAttribute('user.id', user.id)
      } catch (error) {
        return registerPage(c, { values, ...registrationFormError(error, telemetry, messagesOf(c)) })
      }
      flash(c, { kind: 'success', text: messagesOf(c).flash.registered })
      return c.redirect(routes.login, 303)
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
      clearSession(c)
      // A copy of the cookie is valid until its token is revoked.
      if (shopper) await jsonOrThrow(users.api.user.logout.$post({}, asUser(shopper)))
      flash(c, { kind: 'success', text: messagesOf(c).flash.goodbye })
      return c.redirect(routes.home, 303)
    })

  async function startSession(c: Context, login: Login): Promise<void> {
    signIn(c, login)
    telemetry.setAttribute('user.id', login.user.id)
    flash(c, { kind: 'success', text: messagesOf(c).flash.welcome(login.user.first_name) })
    // Without order-service the login still succeeds, with an empty count in the navigation.
    const cart = await jsonOrThrow(orders.api.order.$get({}, asUser(login))).catch(() => undefined)
    if (cart) storeCartCount(c, cart)
  }
}

type PageState = FormState & { status?: Parameters<typeof page>[1]['status'] }

const registerPage = (c: Context, { status = 200, ...state }: PageState) =>
  page(c, { title: messagesOf(c).account.registerTitle, status }, <RegisterForm state={state} />)

const loginPage = (c: Context, { status = 200, ...state }: PageState) =>
  page(c, { title: messagesOf(c).account.loginTitle, status }, <LoginForm state={state} />)
