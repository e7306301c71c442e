import type { Refusals } from '../../src/problem'

export const refusals = {
  USERNAME_TAKEN: [409, 'This username is taken'],
  EMAIL_TAKEN: [409, 'This e-mail address is taken'],
  PASSWORD_TOO_COMMON: [422, 'This password is one of the commonest: choose another one'],
  PASSWORD_CONTAINS_NAME: [422, 'The password contains the username or the e-mail address: choose another one'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This idempotency key was used with another body'],
  WRONG_PASSWORD: [403, 'The current password is wrong'],
  BAD_CREDENTIALS: [401, 'The username, the e-mail address or the password is wrong'],
} as const satisfies Refusals
