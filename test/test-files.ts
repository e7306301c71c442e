/** All test files of the repository, relative to it. */
export const findTestFiles = (): string[] =>
  [...new Bun.Glob('**/*.test.{ts,tsx}').scanSync()].filter((path) => !path.includes('node_modules/')).toSorted()
