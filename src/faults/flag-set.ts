import type { FlagdCore, MemoryStorage } from '@openfeature/flagd-core'
import { canBeOn, type Fault, toFault } from './fault'
import { type FaultKey, faultKeys } from './flags'

/** What targeting rules can test. */
export interface FaultContext {
  service: string
  /** Decides about percentages: the same key always gets the same result. */
  targetingKey: string
  /** The template of the route. */
  route?: string
  method?: string
}

export interface Evaluation {
  key: FaultKey
  value: number
  variant: string
  /** A value of the semantic conventions: `static`, `targeting_match`. */
  reason: string
}

/** A fault that was turned on, changed, or turned off. */
export interface FaultChange {
  key: FaultKey
  /** `value` is 0 after it was turned off. */
  fault: Fault
}

export type FlagSet = ReturnType<typeof flagSet>

/** Flags in flagd's format, evaluated by flagd-core. Flags that are off for every context are never evaluated. */
export async function openFlagSet() {
  // Imported dynamically: the evaluator takes 5 MB of memory.
  return flagSet(await import('@openfeature/flagd-core'))
}

function flagSet(core: { FlagdCore: typeof FlagdCore; MemoryStorage: typeof MemoryStorage }) {
  let warnings: string[] = []
  const warn = (message: unknown) => void warnings.push(String(message))
  const logger = { error: warn, warn, info() {}, debug() {} }
  const storage = new core.MemoryStorage(logger)
  const evaluator = new core.FlagdCore(storage, logger)
  const activeKeys = new Set<FaultKey>()

  return {
    /** Faults that are on in some context. */
    activeKeys: activeKeys as ReadonlySet<FaultKey>,

    /**
     * Replaces the flags by those of a file's text. @throws Error when it is not in flagd's format: the flags stay the same.
     * @returns the changed faults and the evaluator's warnings
     */
    load(text: string): { changes: FaultChange[]; warnings: string[] } {
      warnings = []
      const changed = new Set(storage.setConfigurations(text, true))
      const changes: FaultChange[] = []
      for (const key of faultKeys) {
        const flag = storage.getFlag(key)
        const parts = flag && plain(JSON.parse(text).flags[key])
        const wasOn = activeKeys.has(key)
        const isOn = parts !== undefined && canBeOn(parts)
        if (isOn) activeKeys.add(key)
        else activeKeys.delete(key)
        if (changed.has(key) && (wasOn || isOn)) changes.push({ key, fault: isOn ? toFault(parts) : { value: 0 } })
      }
      return { changes, warnings }
    },

    /** The value of a fault in a context; `undefined` when it is off. */
    evaluate(key: FaultKey, context: FaultContext): Evaluation | undefined {
      if (!activeKeys.has(key)) return undefined
      const { value, variant = '', reason = '' } = evaluator.resolveNumberEvaluation(key, 0, { ...context })
      return value > 0 ? { key, value, variant, reason: reason.toLowerCase() } : undefined
    },
  }
}

const plain = (flag: unknown) => flag as Parameters<typeof canBeOn>[0]
