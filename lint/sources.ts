import { readdirSync } from 'node:fs'

/** The text of the repository's files with these extensions, by their paths relative to it. */
export async function readSources(...extensions: string[]): Promise<Map<string, string>> {
  const pattern = new Bun.Glob(`**/*.{${extensions},}`)
  const folders = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
  const paths = folders
    .flatMap((cwd) => [...pattern.scanSync({ cwd })].map((path) => `${cwd}/${path}`))
    .filter((path) => !/\/(node_modules|dist)\//.test(path))
  return new Map(await Promise.all(paths.toSorted().map(async (path) => [path, await Bun.file(path).text()] as const)))
}
