import type { FC, PropsWithChildren } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { Field } from '../ui/field'

/** The content of a form after a failed submit. */
export interface FormState {
  values?: Partial<Record<string, string | undefined>>
  /** The error of each wrong field. */
  errors?: Partial<Record<string, string>>
  /** The error of the whole form. */
  failure?: { title: string; detail: string } | undefined
  returnTo?: string | undefined
}

export const LoginForm: FC<{ state: FormState }> = ({ state: { values = {}, errors = {}, failure, returnTo } }) => {
  const { account: texts } = useMessages()
  const focused = firstWrong(errors, ['username', 'password']) ?? (values.username ? 'password' : 'username')
  return (
    <AccountCard title={texts.loginTitle} intro={texts.loginIntro} failure={failure}>
      <form method="post" action={routes.login} novalidate>
        {returnTo && <input type="hidden" name="return_to" value={returnTo} />}
        <Field
          name="username"
          label={texts.fields.login}
          autocomplete="username"
          maxlength={254}
          value={values.username}
          error={errors.username}
          autofocus={focused === 'username'}
        />
        <Field
          name="password"
          label={texts.fields.password}
          type="password"
          autocomplete="current-password"
          maxlength={128}
          error={errors.password}
          autofocus={focused === 'password'}
        />
        <button class="button full" type="submit">
          {texts.login}
        </button>
      </form>
      <p class="switch">
        {texts.noAccount} <a href={paths.register(returnTo)}>{texts.registerTitle}</a>
      </p>
    </AccountCard>
  )
}

const registerFields = ['first_name', 'last_name', 'email', 'username', 'password'] as const

/** A repeated submit with the same `idempotencyKey` gives one account. */
export const RegisterForm: FC<{ state: FormState; idempotencyKey: string }> = ({
  state: { values = {}, errors = {}, failure, returnTo },
  idempotencyKey,
}) => {
  const { account: texts } = useMessages()
  const focused = firstWrong(errors, registerFields)
  const of = (name: (typeof registerFields)[number]) => ({
    name,
    label: texts.fields[name],
    value: values[name],
    error: errors[name],
    autofocus: focused === name,
  })
  return (
    <AccountCard title={texts.registerTitle} intro={texts.registerIntro} failure={failure}>
      <form method="post" action={routes.register} novalidate>
        <input type="hidden" name="idempotency_key" value={idempotencyKey} />
        {returnTo && <input type="hidden" name="return_to" value={returnTo} />}
        <div class="pair">
          <Field {...of('first_name')} autocomplete="given-name" maxlength={100} />
          <Field {...of('last_name')} autocomplete="family-name" maxlength={100} />
        </div>
        <Field {...of('email')} type="email" autocomplete="email" maxlength={254} />
        <Field {...of('username')} autocomplete="username" minlength={3} maxlength={32} hint={texts.hints.username} />
        <Field
          {...of('password')}
          type="password"
          autocomplete="new-password"
          minlength={8}
          maxlength={128}
          hint={texts.hints.password}
        />
        <button class="button full" type="submit">
          {texts.register}
        </button>
      </form>
      <p class="switch">
        {texts.haveAccount} <a href={paths.login(returnTo)}>{texts.loginTitle}</a>
      </p>
    </AccountCard>
  )
}

/** The first field with an error, which gets the focus. */
export const firstWrong = (errors: FormState['errors'], order: readonly string[]): string | undefined =>
  order.find((name) => errors?.[name] !== undefined)

const AccountCard: FC<PropsWithChildren<{ title: string; intro: string; failure: FormState['failure'] }>> = ({
  title,
  intro,
  failure,
  children,
}) => (
  <section class="card account">
    <h1>{title}</h1>
    {failure ? <Failure {...failure} /> : <p class="intro">{intro}</p>}
    {children}
  </section>
)

/** Why a form was refused. */
export const Failure: FC<{ title: string; detail: string }> = ({ title, detail }) => (
  <div class="notice error" role="alert">
    <div>
      <strong>{title}</strong>
      <p>{detail}</p>
    </div>
  </div>
)
