import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { CartIcon } from './icons'

export interface Visitor {
  isSignedIn: boolean
  cartCount: number
  /** The path of the page. */
  path: string
}

/** The key for memoizing the navigation. */
export const visitorKey = ({ isSignedIn, cartCount, path }: Visitor): string => `${isSignedIn} ${cartCount} ${path}`

export const Navigation: FC<{ visitor: Visitor }> = ({ visitor: { isSignedIn, cartCount, path } }) => {
  const { navigation: texts, articles } = useMessages()
  return (
    <nav aria-label={texts.label}>
      <ul>
        <Item href={routes.home} text={texts.home} path={path} />
        <Item href={routes.products} text={texts.products} path={path} />
        {isSignedIn ? (
          <>
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
        <li class="cart">
          <a href={routes.checkout} aria-current={path === routes.checkout ? 'page' : undefined}>
            <CartIcon />
            {texts.cart}{' '}
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
