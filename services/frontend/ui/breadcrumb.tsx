import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'

/** The path to this page: Accueil › Produits › here. */
export const Breadcrumb: FC<{ above: [text: string, href: string][]; here: string }> = ({ above, here }) => (
  <nav class="breadcrumb" aria-label={useMessages().navigation.breadcrumb}>
    <ol>
      {above.map(([text, href]) => (
        <li>
          <a href={href}>{text}</a>
        </li>
      ))}
      <li aria-current="page">{here}</li>
    </ol>
  </nav>
)
