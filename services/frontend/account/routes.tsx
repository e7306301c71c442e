import { type Context, Hono } from 'hono'
import { reply } from '../../../src/client'
import { cameFrom } from '../came-from'
import { readForm } from '../form'
import { localPath, routes } from '../routes'
import { flash, rememberCart, sessionOf, shopperOf, signIn, startAfresh } from '../session'
import { asUser, type Login, type Shop } from '../shop'
import { fr } from '../text/fr'
import { page } from '../ui/page'
import { type FormState, LoginForm, RegisterForm } from './forms'
import { refusedLogin, refusedRegistration } from './refused'

export function accountRoutes(shop: Shop) {
  const { users, telemetry } = shop

  return new Hono()
    .get(routes.register, (c) => registerPage(c, {}))
    .post(routes.register, async (c) => {
      const values = await readForm(c)
      const { username = '', email = '', password = '', first_name = '', last_name = '' } = values
      try {
        const json = { username, email, password, first_name, last_name }
        const user = await reply(users.api.user.create.$post({ json }))
        telemetry.set('user.id', user.id)
      } catch (error) {
        return registerPage(c, { values, ...refusedRegistration(error, telemetry) })
      }
      flash(c, { kind: 'success', text: fr.flash.registered })
      return c.redirect(routes.login, 303)
    })
    .get(routes.login, (c) => {
      const returnTo = localPath(c.req.query('return_to')) ?? sessionOf(c)?.get('return_to') ?? cameFrom(c)
      if (shopperOf(c)) return c.redirect(returnTo ?? routes.home, 303)
      return loginPage(c, { returnTo })
    })
    .post(routes.login, async (c) => {
      const values = await readForm(c)
      const { username = '', password = '' } = values
      const returnTo = localPath(values.return_to) ?? sessionOf(c)?.get('return_to') ?? undefined
      try {
        const login = await reply(users.api.user.login.$post({ json: { username, password } }))
        await welcome(c, login)
      } catch (error) {
        return loginPage(c, { values, returnTo, ...refusedLogin(error, telemetry) })
      }
      return c.redirect(returnTo ?? routes.home, 303)
    })
    .post(routes.logout, async (c) => {
      const shopper = shopperOf(c)
      startAfresh(c)
      // A copy of the cookie stays good until its token is revoked.
      if (shopper) await reply(users.api.user.logout.$post({}, asUser(shopper)))
      flash(c, { kind: 'success', text: fr.flash.goodbye })
      return c.redirect(routes.home, 303)
    })

  async function welcome(c: Context, login: Login): Promise<void> {
    signIn(c, login)
    telemetry.set('user.id', login.user.id)
    flash(c, { kind: 'success', text: fr.flash.welcome(login.user.first_name) })
    // The number in the navigation is worth a call, not a failed login.
    const cart = await reply(shop.orders.api.order.$get({}, asUser(login))).catch(() => undefined)
    if (cart) rememberCart(c, cart)
  }
}

type PageState = FormState & { status?: Parameters<typeof page>[1]['status'] }

const registerPage = (c: Context, { status = 200, ...state }: PageState) =>
  page(c, { title: fr.account.registerTitle, status }, <RegisterForm state={state} />)

const loginPage = (c: Context, { status = 200, ...state }: PageState) =>
  page(c, { title: fr.account.loginTitle, status }, <LoginForm state={state} />)
