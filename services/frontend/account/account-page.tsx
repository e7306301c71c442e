import type { FC } from 'hono/jsx'
import type { SessionInUse, User } from '../context'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { Field } from '../ui/field'
import { Failure, type FormState, firstWrong } from './forms'

export interface AccountPageProps {
  user: User
  sessions: SessionInUse[]
  /** The form for the password after a failed submit. */
  state: FormState
}

/** Who is signed in, and where; the forms that change the password and end the sessions. */
export const AccountPage: FC<AccountPageProps> = ({ user, sessions, state }) => {
  const { account: texts } = useMessages()
  return (
    <>
      <h1>{texts.title}</h1>
      <div class="account-parts">
        <Identity user={user} />
        <PasswordForm state={state} />
        <Sessions sessions={sessions} />
      </div>
    </>
  )
}

const Identity: FC<{ user: User }> = ({ user: { first_name, last_name, username, email, is_admin } }) => {
  const { account: texts } = useMessages()
  return (
    <section class="card">
      <h2>
        {first_name} {last_name}
      </h2>
      {is_admin && (
        <p class="notice info">
          <span>{texts.isAdmin}</span>
          <a href={routes.adminProducts}>{texts.administration}</a>
        </p>
      )}
      <dl class="facts-list">
        <div>
          <dt>{texts.fields.username}</dt>
          <dd>{username}</dd>
        </div>
        <div>
          <dt>{texts.fields.email}</dt>
          <dd>{email}</dd>
        </div>
      </dl>
      <p>
        <a href={routes.orders}>{texts.myOrders}</a>
      </p>
    </section>
  )
}

const passwordFields = ['current_password', 'new_password'] as const

const PasswordForm: FC<{ state: FormState }> = ({ state: { errors = {}, failure } }) => {
  const { account: texts } = useMessages()
  const focused = firstWrong(errors, passwordFields)
  return (
    <section class="card">
      <h2>{texts.changePassword}</h2>
      {failure ? <Failure {...failure} /> : <p class="intro">{texts.changePasswordAdvice}</p>}
      <form method="post" action={routes.accountPassword} novalidate>
        <Field
          name="current_password"
          label={texts.fields.current_password}
          type="password"
          autocomplete="current-password"
          maxlength={128}
          error={errors.current_password}
          autofocus={focused === 'current_password'}
        />
        <Field
          name="new_password"
          label={texts.fields.new_password}
          type="password"
          autocomplete="new-password"
          minlength={8}
          maxlength={128}
          error={errors.new_password}
          hint={texts.hints.password}
          autofocus={focused === 'new_password'}
        />
        <button class="button" type="submit">
          {texts.changePassword}
        </button>
      </form>
    </section>
  )
}

const Sessions: FC<{ sessions: SessionInUse[] }> = ({ sessions }) => {
  const { account: texts, formatDateTime } = useMessages()
  return (
    <section class="card">
      <h2>{texts.sessions}</h2>
      <p class="intro">{texts.sessionsAdvice}</p>
      <ul class="sessions">
        {sessions.map(({ current, created_at, last_used_at }) => (
          <li>
            <strong>{current ? texts.sessionNow : texts.sessionOther}</strong>
            <span class="when">
              {texts.sessionSince(formatDateTime(created_at))}
              {!current && `, ${texts.sessionUsed(formatDateTime(last_used_at))}`}
            </span>
          </li>
        ))}
      </ul>
      <form method="post" action={routes.accountSignOutEverywhere}>
        <button class="button quiet" type="submit">
          {texts.signOutEverywhere}
        </button>
      </form>
    </section>
  )
}
