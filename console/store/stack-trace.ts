const javascript = /^\s*at /
const python = /^\s*File "/
const foreign =
  /node_modules|node:|bun:|native|<anonymous>|\(internal|site-packages|\/lib\/python|java\.base|jdk\.internal/

/** The frame of a stack trace at which one's own code failed, without the noise before it; empty where there is none. */
export function firstInAppFrame(stack: string): string {
  const lines = stack.split('\n')
  const frames = lines.filter((line) => javascript.test(line))
  // Python tells the innermost last.
  const ordered = frames.length > 0 ? frames : lines.filter((line) => python.test(line)).reverse()
  const own = ordered.find((line) => !foreign.test(line)) ?? ordered[0] ?? ''
  return own
    .trim()
    .replace(/^at /, '')
    .replace(/^async /, '')
}
