import { readdirSync } from 'node:fs'

/** The text of the repository's files with these extensions, by their paths relative to it. */
export async function readSources(...extensions: string[]): Promise<Map<string, string>> {
  const folders = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
  const pattern = new Bun.Glob(`{*,{${folders}}/**/*}.{${extensions},}`)
  const paths = [...pattern.scanSync()].filter((path) => !/(^|\/)(node_modules|dist)\//.test(path)).toSorted()
  return new Map(await Promise.all(paths.map(async (path) => [path, await Bun.file(path).text()] as const)))
}
