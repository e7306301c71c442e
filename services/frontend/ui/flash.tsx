import type { FC } from 'hono/jsx'
import { fr } from '../messages/fr'
import { routes } from '../routes'
import type { Flash as Message } from '../session'

export const Flash: FC<{ message: Message | undefined }> = ({ message }) =>
  message ? (
    <p class={`notice ${message.kind}`} role={message.kind === 'error' ? 'alert' : 'status'}>
      <span>{message.text}</span>
      {message.to_cart && <a href={routes.checkout}>{fr.flash.seeCart}</a>}
    </p>
  ) : null
