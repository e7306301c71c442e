const javascript = /^\s*at /
const python = /^\s*File "/
const notInApp =
  /node_modules|node:|bun:|native|<anonymous>|\(internal|site-packages|\/lib\/python|java\.base|jdk\.internal/

/** The innermost frame of a stack trace that is in the application's own code, else the innermost; empty without frames. */
export function firstInAppFrame(stack: string): string {
  const lines = stack.split('\n')
  const frames = lines.filter((line) => javascript.test(line))
  // Python prints the innermost frame last.
  const ordered = frames.length > 0 ? frames : lines.filter((line) => python.test(line)).reverse()
  const frame = ordered.find((line) => !notInApp.test(line)) ?? ordered[0] ?? ''
  return frame
    .trim()
    .replace(/^at /, '')
    .replace(/^async /, '')
}
