import type { FC, PropsWithChildren } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'

/** What all pages of the administration have in common: their navigation, and that the visitor is an administrator. */
export const AdminPage: FC<PropsWithChildren<{ title: string; path: string }>> = ({ title, path, children }) => {
  const { admin: texts } = useMessages()
  const links: [href: string, text: string][] = [
    [routes.adminProducts, texts.products],
    [routes.adminWithdrawn, texts.withdrawn],
    [routes.adminOrders, texts.orders],
    [routes.adminUsers, texts.users],
  ]
  return (
    <>
      <h1>{title}</h1>
      <p class="notice info">{texts.notice}</p>
      <nav class="tabs" aria-label={texts.navigation}>
        <ul>
          {links.map(([href, text]) => (
            <li>
              <a href={href} aria-current={href === path ? 'page' : undefined}>
                {text}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </>
  )
}

/** The link to the next page of a list. */
export const NextPage: FC<{ path: string; cursor: string | null }> = ({ path, cursor }) =>
  cursor ? (
    <p class="actions">
      <a class="button quiet" href={`${path}?cursor=${encodeURIComponent(cursor)}`}>
        {useMessages().admin.next}
      </a>
    </p>
  ) : null
