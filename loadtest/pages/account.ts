import { hiddenFields } from '../../observability/shopper.ts'
import type { Visit } from '../visit.ts'

export interface Person {
  username: string
  password: string
}

export function register(visit: Visit, { username, password }: Person): void {
  visit.get('register_form', '/register')
  const names = { first_name: 'Camille', last_name: 'Essai' }
  visit.post('register', '/register', { username, password, email: `${username}@example.test`, ...names })
}

/** Signs in by the form; the shop leads to where the person wanted to go. */
export function signIn(visit: Visit, person: Person): void {
  const { html } = visit.get('login_form', '/login')
  visit.post('login', '/login', { ...hiddenFields(html, '/login'), ...person })
  visit.isSignedIn = true
}

export function signOut(visit: Visit): void {
  visit.isSignedIn = false
  const { location } = visit.post('logout', '/logout', {})
  visit.get('home', location)
}
