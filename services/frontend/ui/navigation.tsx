import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import type { Shopper } from '../session'
import { CartIcon, MenuIcon } from './icons'

export interface Visitor {
  /** The signed-in user. */
  user: Pick<Shopper['user'], 'first_name' | 'is_admin'> | undefined
  cartCount: number
  /** The path of the page. */
  path: string
}

/** The key for memoizing the navigation. */
export const visitorKey = ({ user, cartCount, path }: Visitor): string =>
  user ? `${user.is_admin} ${cartCount} ${path} ${user.first_name}` : `${cartCount} ${path}`

export const Navigation: FC<{ visitor: Visitor }> = ({ visitor: { user, cartCount, path } }) => {
  const { navigation: texts, articles } = useMessages()
  return (
    <nav aria-label={texts.label}>
      <button class="menu-button" type="button" popovertarget="menu" aria-label={texts.menu}>
        <MenuIcon />
      </button>
      <ul id="menu" class="menu" popover="auto">
        <Item href={routes.home} text={texts.home} path={path} />
        <Item href={routes.products} text={texts.products} path={path} />
        {user ? (
          <>
            {user.is_admin && <Item href={routes.adminProducts} text={texts.administration} path={path} />}
            <Item href={routes.orders} text={texts.orders} path={path} />
            <li>
              <form method="post" action={routes.logout}>
                <button type="submit">{texts.logout}</button>
              </form>
            </li>
          </>
        ) : (
          <>
            <Item href={routes.login} text={texts.login} path={path} />
            <Item href={routes.register} text={texts.register} path={path} />
          </>
        )}
      </ul>
      <ul>
        {user && (
          <li class="who">
            <a
              href={routes.account}
              title={texts.account(user.first_name)}
              aria-current={path === routes.account ? 'page' : undefined}
            >
              <span>{user.first_name}</span>
            </a>
          </li>
        )}
        <li class="cart">
          <a href={routes.checkout} aria-current={path === routes.checkout ? 'page' : undefined}>
            <CartIcon />
            <span class="cart-text">{texts.cart}</span>{' '}
            <span class="count" data-cart-count title={articles(cartCount)}>
              {cartCount}
            </span>
          </a>
        </li>
      </ul>
    </nav>
  )
}

const Item: FC<{ href: string; text: string; path: string }> = ({ href, text, path }) => (
  <li>
    <a href={href} aria-current={path === href ? 'page' : undefined}>
      {text}
    </a>
  </li>
)
