/** All test files of the repository, relative to it. */
export const testFiles = (): string[] =>
  [...new Bun.Glob('**/*.test.{ts,tsx}').scanSync()].filter((path) => !path.includes('node_modules/')).toSorted()
