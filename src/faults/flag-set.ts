import type { FlagdCore, MemoryStorage } from '@openfeature/flagd-core'
import { canBeOn, type Fault, toFault } from './fault-file'
import { type FaultKey, faultKeys } from './flags'

/** Whom a fault may be for. */
export interface FaultContext {
  service: string
  /** What shares are made of: the same key is always in, or always out. */
  targetingKey: string
  /** The template of the route. */
  route?: string
  method?: string
}

export interface Evaluation {
  key: FaultKey
  value: number
  variant: string
  /** As the conventions say it: `static`, `targeting_match`. */
  reason: string
}

/** A fault that was turned on, off, or otherwise. */
export interface FaultChange {
  key: FaultKey
  /** `value` 0 where it was turned off. */
  fault: Fault
}

export type FlagSet = ReturnType<typeof flagSet>

/** Flags of flagd's format, evaluated by flagd-core. What no request can have on is not evaluated at all. */
export async function openFlagSet() {
  // Imported only where faults are wanted: 5 MB that others need not have.
  return flagSet(await import('@openfeature/flagd-core'))
}

function flagSet(core: { FlagdCore: typeof FlagdCore; MemoryStorage: typeof MemoryStorage }) {
  let warnings: string[] = []
  const complain = (message: unknown) => void warnings.push(String(message))
  const logger = { error: complain, warn: complain, info() {}, debug() {} }
  const storage = new core.MemoryStorage(logger)
  const evaluator = new core.FlagdCore(storage, logger)
  const armed = new Set<FaultKey>()

  return {
    /** Faults that are on for somebody. */
    activeKeys: armed as ReadonlySet<FaultKey>,

    /**
     * Takes the text of a file. @throws Error when it is not flagd's format: then all stays as it was.
     * @returns what has changed for anybody, and what the evaluator did not like.
     */
    load(text: string): { changes: FaultChange[]; warnings: string[] } {
      warnings = []
      const changed = new Set(storage.setConfigurations(text, true))
      const changes: FaultChange[] = []
      for (const key of faultKeys) {
        const flag = storage.getFlag(key)
        const parts = flag && plain(JSON.parse(text).flags[key])
        const wasOn = armed.has(key)
        const isOn = parts !== undefined && canBeOn(parts)
        if (isOn) armed.add(key)
        else armed.delete(key)
        if (changed.has(key) && (wasOn || isOn)) changes.push({ key, fault: isOn ? toFault(parts) : { value: 0 } })
      }
      return { changes, warnings }
    },

    /** What a fault says in a context; nothing where it is off. */
    evaluate(key: FaultKey, context: FaultContext): Evaluation | undefined {
      if (!armed.has(key)) return undefined
      const { value, variant = '', reason = '' } = evaluator.resolveNumberEvaluation(key, 0, { ...context })
      return value > 0 ? { key, value, variant, reason: reason.toLowerCase() } : undefined
    },
  }
}

const plain = (flag: unknown) => flag as Parameters<typeof canBeOn>[0]
