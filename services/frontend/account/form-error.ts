import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import type { Messages } from '../messages/messages'
import { retryAfterSeconds } from '../messages/problem-text'
import type { FormState } from './forms'

type Errors = NonNullable<FormState['errors']>
type Details = Record<string, unknown>

/** How a form shows that user-service refused it. */
export interface FormError extends Pick<FormState, 'errors' | 'failure'> {
  status: ContentfulStatusCode
  /** Seconds to wait after a 429. */
  retryAfter?: number
}

/** The form error of each code of user-service, in addition to those of all forms. */
type Refusals = Record<string, (details: Details) => { status: ContentfulStatusCode; errors?: Errors; detail?: string }>

/** The login form's message for an error of user-service. @throws every other error */
export function loginFormError(error: unknown, telemetry: Telemetry, { account: texts }: Messages): FormError {
  return toFormError(error, telemetry, texts, texts.cannotSignIn, {
    BAD_CREDENTIALS: () => ({ status: 401, detail: texts.badCredentials }),
    INVALID_REQUEST: (details) => ({ status: 422, errors: wrongFields(details, texts.missing, texts.checkFields) }),
  })
}

/** The registration form's message for an error of user-service. @throws every other error */
export function registrationFormError(error: unknown, telemetry: Telemetry, { account: texts }: Messages): FormError {
  return toFormError(error, telemetry, texts, texts.cannotRegister, {
    USERNAME_TAKEN: () => ({ status: 409, errors: { username: texts.usernameTaken } }),
    EMAIL_TAKEN: () => ({ status: 409, errors: { email: texts.emailTaken } }),
    IDEMPOTENCY_KEY_REUSED: () => ({ status: 409, detail: texts.alreadyRegistered }),
    PASSWORD_TOO_COMMON: () => ({ status: 422, errors: { password: texts.passwordTooCommon } }),
    PASSWORD_CONTAINS_NAME: () => ({ status: 422, errors: { password: texts.passwordContainsName } }),
    INVALID_REQUEST: (details) => ({ status: 422, errors: wrongFields(details, texts.wrong, texts.checkFields) }),
  })
}

/** The message of the form that changes the password. @throws every other error */
export function passwordFormError(error: unknown, telemetry: Telemetry, { account: texts }: Messages): FormError {
  return toFormError(error, telemetry, texts, texts.cannotChangePassword, {
    WRONG_PASSWORD: () => ({ status: 403, errors: { current_password: texts.wrongPassword } }),
    PASSWORD_TOO_COMMON: () => ({ status: 422, errors: { new_password: texts.passwordTooCommon } }),
    PASSWORD_CONTAINS_NAME: () => ({ status: 422, errors: { new_password: texts.passwordContainsName } }),
    INVALID_REQUEST: (details) => ({ status: 422, errors: wrongFields(details, texts.wrong, texts.checkFields) }),
  })
}

function toFormError(
  error: unknown,
  telemetry: Telemetry,
  texts: Messages['account'],
  title: string,
  refusals: Refusals,
): FormError {
  if (!(error instanceof DomainError)) throw error
  const waitSeconds = retryAfterSeconds(error.details)
  const byCode: Refusals = {
    ...refusals,
    TOO_MANY_REQUESTS: () => ({ status: 429, detail: texts.tooMany(waitSeconds) }),
    UNAVAILABLE: () => ({ status: 503, detail: texts.unavailable }),
  }
  const refusal = byCode[error.code]?.(error.details)
  if (!refusal) throw error
  telemetry.setAttribute('problem.code', error.code)
  const { status, errors = {}, detail = texts.checkFields } = refusal
  if (status >= 500) telemetry.recordException(error)
  return { status, errors, failure: { title, detail }, ...(status === 429 && { retryAfter: waitSeconds }) }
}

// user-service lists the invalid fields; their messages are the storefront's.
function wrongFields({ errors }: Details, messages: Partial<Record<string, string>>, other: string): Errors {
  const fields = Array.isArray(errors) ? errors.map(({ field }) => String(field)) : []
  return Object.fromEntries(fields.map((field) => [field, messages[field] ?? other]))
}
