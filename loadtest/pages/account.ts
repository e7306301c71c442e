import { hiddenFields } from '../../stack/clients/hidden-fields.ts'
import type { Script, Visit } from '../visit.ts'

export interface Person {
  username: string
  password: string
}

export function* register(visit: Visit, { username, password }: Person): Script<void> {
  yield* visit.get('register_form', '/register')
  const names = { first_name: 'Camille', last_name: 'Essai' }
  yield* visit.post('register', '/register', { username, password, email: `${username}@example.test`, ...names })
}

/** Signs in by the form. */
export function* signIn(visit: Visit, person: Person): Script<void> {
  const { html } = yield* visit.get('login_form', '/login')
  yield* visit.post('login', '/login', { ...hiddenFields(html, '/login'), ...person })
  visit.isSignedIn = true
}

export function* signOut(visit: Visit): Script<void> {
  visit.isSignedIn = false
  const { location } = yield* visit.post('logout', '/logout', {})
  yield* visit.get('home', location)
}
