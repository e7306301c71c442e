import type { Refusals } from '../../src/problem'

export const refusals = {
  USERNAME_TAKEN: [409, 'This username is taken'],
  EMAIL_TAKEN: [409, 'This e-mail address is taken'],
  BAD_CREDENTIALS: [401, 'The username or the password is wrong'],
} as const satisfies Refusals
