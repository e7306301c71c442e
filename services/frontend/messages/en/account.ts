import type { Messages } from '../fr'
import { english as t } from '../typography'

export const account: Messages['account'] = {
  registerTitle: 'Create an account',
  registerIntro: t`One minute, and your cart follows you everywhere.`,
  register: 'Register',
  loginTitle: 'Sign in',
  loginIntro: t`Good to see you again.`,
  login: 'Sign in',
  noAccount: t`No account yet?`,
  haveAccount: t`Already registered?`,
  cannotSignIn: 'Could not sign in',
  cannotRegister: t`The registration was not completed`,
  badCredentials: t`The username or the password is wrong.`,
  tooMany: t`Too many attempts. Wait a few minutes before you try again.`,
  unavailable: t`The account service does not respond at the moment. Try again in a moment.`,
  checkFields: t`Correct the marked fields.`,
  fields: {
    username: 'Username',
    email: 'E-mail address',
    password: 'Password',
    first_name: 'First name',
    last_name: 'Last name',
  },
  hints: {
    username: t`3 to 32 characters: letters, digits, dot, dash.`,
    password: t`At least 8 characters.`,
  },
  wrong: {
    username: t`Choose 3 to 32 letters, digits, dots, dashes or underscores.`,
    email: t`Enter a valid e-mail address, for example camille@example.com.`,
    password: t`Choose 8 to 128 characters.`,
    first_name: t`Enter your first name (at most 100 characters).`,
    last_name: t`Enter your last name (at most 100 characters).`,
  },
  usernameTaken: t`This username is taken.`,
  emailTaken: t`This e-mail address already has an account.`,
  missing: {
    username: t`Enter your username.`,
    password: t`Enter your password.`,
  },
}
