import type { Subprocess } from 'bun'

/** Whether a program has ended: by itself, or by a signal, which leaves no exit code. */
export const hasEnded = ({ exitCode, signalCode }: Pick<Subprocess, 'exitCode' | 'signalCode'>): boolean =>
  exitCode !== null || signalCode !== null
