import { maybeMistake } from '../mistakes.ts'
import { anyAddress, shopperAt } from '../shoppers.ts'
import { Lost, openVisit, type Script, type Visit, type Visitor } from '../visit.ts'
import { accountHolder } from './account-holder.ts'
import { buyer, order } from './buyer.ts'
import { journeyNames } from './names.ts'
import { returning } from './returning.ts'
import { home, visitor } from './visitor.ts'

export interface Journey {
  name: string
  /** Whether its end was reached. */
  make: (visit: Visit) => Script<boolean>
  /** Whether it needs one of the shoppers who signed in during set-up. */
  isSignedIn: boolean
  /** Whether it has no wrong input. */
  isFlawless?: boolean
}

const journeys: Record<string, Journey> = {
  visitor: { name: 'visitor', make: visitor, isSignedIn: false },
  buyer: { name: 'buyer', make: buyer, isSignedIn: true },
  order: { name: 'order', make: order, isSignedIn: true, isFlawless: true },
  returning: { name: 'returning', make: returning, isSignedIn: true },
  account: { name: 'account', make: accountHolder, isSignedIn: false },
  home: { name: 'home', make: home, isSignedIn: false, isFlawless: true },
}

/** Of ten who come: six look around, two buy, one comes back, one makes an account. */
const mixed = [
  'visitor',
  'buyer',
  'visitor',
  'account',
  'visitor',
  'returning',
  'visitor',
  'buyer',
  'visitor',
  'visitor',
]

/** The journeys in their order: `mixed`, or one of them alone. @throws Error that names those that there are */
export function journeysOf(name: string): Journey[] {
  const chosen = (name === 'mixed' ? mixed : [name]).flatMap((one) => journeys[one] ?? [])
  if (chosen.length === 0) throw new Error(`no journey ${name}; there are ${journeyNames.join(', ')}`)
  return chosen
}

export const signedInShare = (chosen: Journey[]): number =>
  chosen.filter(({ isSignedIn }) => isSignedIn).length / chosen.length

/** Makes the journey of this turn. Whether it reached its end. */
export function* makeJourney(journey: Journey, chosen: Journey[], turn: number, shoppers: Visitor[]): Script<boolean> {
  const visitor = journey.isSignedIn ? shopperAt(shoppers, shopperTurn(chosen, turn)) : stranger()
  try {
    return yield* journey.make(openVisit(visitor, journey.isFlawless ? undefined : maybeMistake))
  } catch (error) {
    if (error instanceof Lost) return false
    throw error
  }
}

const stranger = (): Visitor => ({ address: anyAddress(), cookies: {} })

/** Which of the shoppers makes the journey of this turn: each in its turn, so that nobody is on two journeys at a time. */
export function shopperTurn(chosen: Journey[], turn: number): number {
  const before = chosen.slice(0, turn % chosen.length).filter(({ isSignedIn }) => isSignedIn).length
  return Math.floor(turn / chosen.length) * chosen.filter(({ isSignedIn }) => isSignedIn).length + before
}
