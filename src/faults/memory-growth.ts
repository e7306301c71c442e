const maxMb = 1024
const bytesOf = (mb: number) => mb * 1024 * 1024

/** Returns a function that makes memory grow by a number of MB per second; 0 frees it. */
export function memoryGrowth() {
  let chunks: Uint8Array[] = []
  let allocatedMb = 0
  let timer: ReturnType<typeof setInterval> | undefined

  return function growBy(mbPerSecond: number): void {
    clearInterval(timer)
    if (mbPerSecond === 0) free()
    else timer = setInterval(allocate, 1000, mbPerSecond).unref()
  }

  function allocate(mb: number): void {
    if (allocatedMb + mb > maxMb) return
    // Filled, because memory that was never written is not resident.
    chunks.push(new Uint8Array(bytesOf(mb)).fill(1))
    allocatedMb += mb
  }

  function free(): void {
    if (chunks.length === 0) return
    chunks = []
    allocatedMb = 0
    Bun.gc(true)
  }
}
