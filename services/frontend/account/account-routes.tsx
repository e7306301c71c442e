import { type Context, Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext } from '../context'
import { readForm } from '../form'
import { messagesOf } from '../language'
import { routes } from '../routes'
import { clearSession, flash, requireShopper, type Shopper } from '../session'
import { page } from '../ui/page'
import { AccountPage } from './account-page'
import { type FormError, passwordFormError } from './form-error'

/** The pages of a signed-in user about their account. */
export function ownAccountRoutes({ users, telemetry }: FrontendContext) {
  return new Hono()
    .get(routes.account, (c) => accountPage(c, requireShopper(c)))
    .post(routes.accountPassword, async (c) => {
      const shopper = requireShopper(c)
      const { current_password = '', new_password = '' } = await readForm(c)
      try {
        const json = { current_password, new_password }
        await jsonOrThrow(users.api.user.password.$put({ json }, asUser(shopper)))
      } catch (error) {
        return accountPage(c, shopper, passwordFormError(error, telemetry, messagesOf(c)))
      }
      flash(c, { kind: 'success', text: messagesOf(c).account.passwordChanged })
      return c.redirect(routes.account, 303)
    })
    .post(routes.accountSignOutEverywhere, async (c) => {
      await jsonOrThrow(users.api.user.sessions.$delete({}, asUser(requireShopper(c))))
      clearSession(c)
      flash(c, { kind: 'success', text: messagesOf(c).account.signedOutEverywhere })
      return c.redirect(routes.home, 303)
    })

  async function accountPage(c: Context, shopper: Shopper, error?: FormError): Promise<Response> {
    const [user, { items: sessions }] = await Promise.all([
      jsonOrThrow(users.api.user.$get({}, asUser(shopper))),
      jsonOrThrow(users.api.user.sessions.$get({}, asUser(shopper))),
    ])
    const { status = 200, retryAfter, ...state } = error ?? {}
    return page(
      c,
      { title: messagesOf(c).account.title, status, retryAfter, address: routes.account },
      <AccountPage user={user} sessions={sessions} state={state} />,
    )
  }
}
