import { maybeSendMistake } from '../mistakes.ts'
import { randomAddress, shopperAt } from '../shoppers.ts'
import { openVisit, type Script, UnexpectedStatusError, type Visit, type Visitor } from '../visit.ts'
import { accountHolder } from './account-holder.ts'
import { buyer, order } from './buyer.ts'
import { returning } from './returning.ts'
import { home, visitor } from './visitor.ts'

export interface Journey {
  name: string
  /** Returns whether its end was reached. */
  script: (visit: Visit) => Script<boolean>
  /** Whether it needs one of the shoppers who signed in during set-up. */
  isSignedIn: boolean
  /** Whether it has no wrong input. */
  hasNoMistakes?: boolean
}

const journeys: Record<string, Journey> = {
  visitor: { name: 'visitor', script: visitor, isSignedIn: false },
  buyer: { name: 'buyer', script: buyer, isSignedIn: true },
  order: { name: 'order', script: order, isSignedIn: true, hasNoMistakes: true },
  returning: { name: 'returning', script: returning, isSignedIn: true },
  account: { name: 'account', script: accountHolder, isSignedIn: false },
  home: { name: 'home', script: home, isSignedIn: false, hasNoMistakes: true },
}

/** The names that `--journey` accepts. */
export const journeyNames: readonly string[] = ['mixed', ...Object.keys(journeys)]

/** Of ten journeys six look around, two buy, one returns, and one creates an account. */
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

/** The journeys in order of their turns: those of `mixed`, or a single one. @throws Error that lists the names */
export function journeysOf(name: string): Journey[] {
  const chosen = (name === 'mixed' ? mixed : [name]).flatMap((one) => journeys[one] ?? [])
  if (chosen.length === 0) throw new Error(`no journey ${name}; there are ${journeyNames.join(', ')}`)
  return chosen
}

export const signedInShare = (chosen: Journey[]): number =>
  chosen.filter(({ isSignedIn }) => isSignedIn).length / chosen.length

/** Runs the journey of this turn. Returns whether its end was reached. */
export function* runJourney(journey: Journey, chosen: Journey[], turn: number, shoppers: Visitor[]): Script<boolean> {
  const visitor = journey.isSignedIn ? shopperAt(shoppers, shopperIndexAt(chosen, turn)) : newVisitor()
  try {
    return yield* journey.script(openVisit(visitor, journey.hasNoMistakes ? undefined : maybeSendMistake))
  } catch (error) {
    if (error instanceof UnexpectedStatusError) return false
    throw error
  }
}

const newVisitor = (): Visitor => ({ address: randomAddress(), cookies: {} })

/** The shopper of this turn. Shoppers take turns, so that none is on two journeys at a time. */
export function shopperIndexAt(chosen: Journey[], turn: number): number {
  const before = chosen.slice(0, turn % chosen.length).filter(({ isSignedIn }) => isSignedIn).length
  return Math.floor(turn / chosen.length) * chosen.filter(({ isSignedIn }) => isSignedIn).length + before
}
