import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import { fr } from '../messages/fr'
import type { FormState } from './forms'

type Errors = NonNullable<FormState['errors']>

interface Refused extends Pick<FormState, 'errors' | 'failure'> {
  status: ContentfulStatusCode
}

const texts = fr.account

/** What the login form says of an error of user-service; throws on what no form can answer. */
export function loginFormError(error: unknown, telemetry: Telemetry): Refused {
  const fail = (status: ContentfulStatusCode, detail: string, errors: Errors = {}): Refused => ({
    status,
    errors,
    failure: { title: texts.cannotSignIn, detail },
  })
  return refusal(error, telemetry, {
    BAD_CREDENTIALS: () => fail(401, texts.badCredentials),
    INVALID_REQUEST: (details) => fail(422, texts.checkFields, wrongFields(details, texts.missing)),
    TOO_MANY_REQUESTS: () => fail(429, texts.tooMany),
    UNAVAILABLE: () => fail(503, texts.unavailable),
  })
}

/** The same for the registration form. */
export function registrationFormError(error: unknown, telemetry: Telemetry): Refused {
  const fail = (status: ContentfulStatusCode, detail: string, errors: Errors = {}): Refused => ({
    status,
    errors,
    failure: { title: texts.cannotRegister, detail },
  })
  return refusal(error, telemetry, {
    USERNAME_TAKEN: () => fail(409, texts.checkFields, { username: texts.usernameTaken }),
    EMAIL_TAKEN: () => fail(409, texts.checkFields, { email: texts.emailTaken }),
    INVALID_REQUEST: (details) => fail(422, texts.checkFields, wrongFields(details, texts.wrong)),
    TOO_MANY_REQUESTS: () => fail(429, texts.tooMany),
    UNAVAILABLE: () => fail(503, texts.unavailable),
  })
}

type Answers = Record<string, (details: Record<string, unknown>) => Refused>

function refusal(error: unknown, telemetry: Telemetry, answers: Answers): Refused {
  const answer = error instanceof DomainError ? answers[error.code] : undefined
  if (!(error instanceof DomainError) || !answer) throw error
  telemetry.setAttribute('problem.code', error.code)
  const refused = answer(error.details)
  if (refused.status >= 500) telemetry.recordException(error)
  return refused
}

// user-service names every wrong field at once; the words beside them are ours.
function wrongFields({ errors }: Record<string, unknown>, words: Partial<Record<string, string>>): Errors {
  const fields = Array.isArray(errors) ? errors.map(({ field }) => String(field)) : []
  return Object.fromEntries(fields.map((field) => [field, words[field] ?? texts.checkFields]))
}
