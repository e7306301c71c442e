const mostMb = 1024
const bytesOf = (mb: number) => mb * 1024 * 1024

/** Memory that grows while it is told to, by so many MB a second; what was kept is given back at 0. */
export function memoryGrowth() {
  let kept: Uint8Array[] = []
  let keptMb = 0
  let timer: ReturnType<typeof setInterval> | undefined

  return function growBy(mbPerSecond: number): void {
    clearInterval(timer)
    if (mbPerSecond === 0) giveBack()
    else timer = setInterval(keep, 1000, mbPerSecond).unref()
  }

  function keep(mb: number): void {
    if (keptMb + mb > mostMb) return
    // Written to: memory that nobody touches is not resident.
    kept.push(new Uint8Array(bytesOf(mb)).fill(1))
    keptMb += mb
  }

  function giveBack(): void {
    if (kept.length === 0) return
    kept = []
    keptMb = 0
    Bun.gc(true)
  }
}
