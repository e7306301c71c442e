import type { FC, PropsWithChildren } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { Field, type FieldName } from './field'

/** The content of a form after a failed submit. */
export interface FormState {
  values?: Partial<Record<string, string | undefined>>
  errors?: Partial<Record<FieldName, string>>
  /** The error of the whole form. */
  failure?: { title: string; detail: string } | undefined
  returnTo?: string | undefined
}

export const LoginForm: FC<{ state: FormState }> = ({ state: { values = {}, errors = {}, failure, returnTo } }) => {
  const { account: texts } = useMessages()
  return (
    <AccountCard title={texts.loginTitle} intro={texts.loginIntro} failure={failure}>
      <form method="post" action={routes.login} novalidate>
        {returnTo && <input type="hidden" name="return_to" value={returnTo} />}
        <Field
          name="username"
          autocomplete="username"
          maxlength={254}
          value={values.username}
          error={errors.username}
          autofocus={!values.username}
        />
        <Field
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength={128}
          error={errors.password}
          autofocus={Boolean(values.username)}
        />
        <button class="button full" type="submit">
          {texts.login}
        </button>
      </form>
      <p class="switch">
        {texts.noAccount} <a href={routes.register}>{texts.registerTitle}</a>
      </p>
    </AccountCard>
  )
}

export const RegisterForm: FC<{ state: FormState }> = ({ state: { values = {}, errors = {}, failure } }) => {
  const { account: texts } = useMessages()
  return (
    <AccountCard title={texts.registerTitle} intro={texts.registerIntro} failure={failure}>
      <form method="post" action={routes.register} novalidate>
        <div class="pair">
          {(['first_name', 'last_name'] as const).map((name) => (
            <Field
              name={name}
              autocomplete={name === 'first_name' ? 'given-name' : 'family-name'}
              maxlength={100}
              value={values[name]}
              error={errors[name]}
            />
          ))}
        </div>
        <Field
          name="email"
          type="email"
          autocomplete="email"
          maxlength={254}
          value={values.email}
          error={errors.email}
        />
        <Field
          name="username"
          autocomplete="username"
          minlength={3}
          maxlength={32}
          value={values.username}
          error={errors.username}
          hint={texts.hints.username}
        />
        <Field
          name="password"
          type="password"
          autocomplete="new-password"
          minlength={8}
          maxlength={128}
          error={errors.password}
          hint={texts.hints.password}
        />
        <button class="button full" type="submit">
          {texts.register}
        </button>
      </form>
      <p class="switch">
        {texts.haveAccount} <a href={routes.login}>{texts.loginTitle}</a>
      </p>
    </AccountCard>
  )
}

const AccountCard: FC<PropsWithChildren<{ title: string; intro: string; failure: FormState['failure'] }>> = ({
  title,
  intro,
  failure,
  children,
}) => (
  <section class="card account">
    <h1>{title}</h1>
    {failure ? (
      <div class="notice error" role="alert">
        <div>
          <strong>{failure.title}</strong>
          <p>{failure.detail}</p>
        </div>
      </div>
    ) : (
      <p class="intro">{intro}</p>
    )}
    {children}
  </section>
)
