import type { Checkpoint } from './context'

/** For the test of crashes between the steps of a checkout: the process dies, as by a power cut, at the named one. */
export const crashAt =
  (name: string | undefined) =>
  (reached: Checkpoint): void => {
    if (reached === name) process.kill(process.pid, 'SIGKILL')
  }
