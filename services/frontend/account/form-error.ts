import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import type { Messages } from '../messages/messages'
import type { FormState } from './forms'

type Errors = NonNullable<FormState['errors']>

interface FormError extends Pick<FormState, 'errors' | 'failure'> {
  status: ContentfulStatusCode
}

/** The login form's message for an error of user-service. @throws every other error */
export function loginFormError(error: unknown, telemetry: Telemetry, { account: texts }: Messages): FormError {
  const fail = (status: ContentfulStatusCode, detail: string, errors: Errors = {}): FormError => ({
    status,
    errors,
    failure: { title: texts.cannotSignIn, detail },
  })
  return toFormError(error, telemetry, {
    BAD_CREDENTIALS: () => fail(401, texts.badCredentials),
    INVALID_REQUEST: (details) => fail(422, texts.checkFields, wrongFields(details, texts.missing, texts.checkFields)),
    TOO_MANY_REQUESTS: () => fail(429, texts.tooMany),
    UNAVAILABLE: () => fail(503, texts.unavailable),
  })
}

/** The registration form's message for an error of user-service. @throws every other error */
export function registrationFormError(error: unknown, telemetry: Telemetry, { account: texts }: Messages): FormError {
  const fail = (status: ContentfulStatusCode, detail: string, errors: Errors = {}): FormError => ({
    status,
    errors,
    failure: { title: texts.cannotRegister, detail },
  })
  return toFormError(error, telemetry, {
    USERNAME_TAKEN: () => fail(409, texts.checkFields, { username: texts.usernameTaken }),
    EMAIL_TAKEN: () => fail(409, texts.checkFields, { email: texts.emailTaken }),
    INVALID_REQUEST: (details) => fail(422, texts.checkFields, wrongFields(details, texts.wrong, texts.checkFields)),
    TOO_MANY_REQUESTS: () => fail(429, texts.tooMany),
    UNAVAILABLE: () => fail(503, texts.unavailable),
  })
}

type FormErrorsByCode = Record<string, (details: Record<string, unknown>) => FormError>

function toFormError(error: unknown, telemetry: Telemetry, byCode: FormErrorsByCode): FormError {
  const create = error instanceof DomainError ? byCode[error.code] : undefined
  if (!(error instanceof DomainError) || !create) throw error
  telemetry.setAttribute('problem.code', error.code)
  const formError = create(error.details)
  if (formError.status >= 500) telemetry.recordException(error)
  return formError
}

// user-service lists the invalid fields; their messages are the storefront's.
function wrongFields(
  { errors }: Record<string, unknown>,
  messages: Partial<Record<string, string>>,
  other: string,
): Errors {
  const fields = Array.isArray(errors) ? errors.map(({ field }) => String(field)) : []
  return Object.fromEntries(fields.map((field) => [field, messages[field] ?? other]))
}
