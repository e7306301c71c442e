import { pickRandom } from './pick-random.ts'
import { randomAddress } from './shoppers.ts'
import { openVisit, type PageRequest, type Script, type Visit } from './visit.ts'

type Mistake = Pick<PageRequest, 'method' | 'path' | 'body' | 'headers' | 'expectedStatus'>

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const login = (body: Mistake['body'], expectedStatus: number, headers = {}): Mistake => ({
  method: 'POST',
  path: '/login',
  ...{ body: body ?? '', headers, expectedStatus },
})

/** Wrong input of people, bots and scanners, each with its expected status. */
const mistakes: Mistake[] = [
  { method: 'GET', path: '/product/il-n-y-en-a-pas', expectedStatus: 404 },
  { method: 'GET', path: '/wp-login.php', expectedStatus: 404 },
  { method: 'GET', path: '/products?cursor=%3Cscript%3Ealert(1)%3C%2Fscript%3E-and-more-than-36', expectedStatus: 400 },
  { method: 'DELETE', path: '/products', expectedStatus: 405 },
  {
    method: 'POST',
    path: '/register',
    body: { username: 'x', email: 'no-address', password: 'short' },
    expectedStatus: 422,
  },
  login({ username: 'charge-unknown', password: 'wrong password' }, 401),
  login({ username: '' }, 422),
  login({ username: 'a', password: 'b' }, 403, { Origin: 'https://evil.example' }),
  login('{"username":"a"}', 415, { 'Content-Type': 'application/json' }),
  login(`username=${'a'.repeat(17_000)}`, 413, form),
]

/** Wrong input of signed-in shoppers. */
const mistakesOfShoppers: Mistake[] = [
  { method: 'GET', path: '/orders/01930000-0000-7000-8000-ffffffffffff', expectedStatus: 404 },
  { method: 'POST', path: '/cart/add', body: { product_id: '../../etc/passwd', quantity: '1' }, expectedStatus: 404 },
  ...['-1', 'deux', '100'].map(
    (quantity): Mistake => ({
      method: 'POST',
      path: '/cart/update/01930000-0000-7000-8000-000000000001',
      body: { quantity },
      headers: { Accept: 'application/json' },
      expectedStatus: 422,
    }),
  ),
]

// A mistake follows one of nine correct requests, which makes a tenth of all requests.
const chance = 1 / 9

/** Sends a mistake by chance. */
export function* maybeSendMistake(visit: Visit): Script<void> {
  if (Math.random() >= chance) return
  if (visit.isSignedIn && Math.random() < 0.5) yield* visit.send({ step: 'mistake', ...pickRandom(mistakesOfShoppers) })
  else yield* openVisit({ address: randomAddress(), cookies: {} }).send({ step: 'mistake', ...pickRandom(mistakes) })
}
