import { expect, test } from 'bun:test'
import { dirname, relative, resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')

test('k6 can load every import of its script: full file names, no npm packages, no APIs of Node or Bun', async () => {
  const files = await reachableFrom(`${import.meta.dir}/shop.ts`)
  expect(files.size).toBeGreaterThan(15)
  for (const [file, text] of files) {
    // Files of other folders may have functions for other runtimes, which k6 never calls.
    if (!file.startsWith('loadtest/')) continue
    const foreign = text.match(/\b(Bun|process|Buffer|fetch|URLSearchParams|structuredClone|setTimeout)\b[.(]/g)
    expect({ file, foreign }).toEqual({ file, foreign: null })
  }
})

/** All files that a file imports, directly or indirectly, by path. @throws Error for an import that k6 can't load */
async function reachableFrom(entry: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const queue = [entry]
  for (const file of queue) {
    const name = relative(root, file)
    if (files.has(name)) continue
    const code = new Bun.Transpiler({ loader: 'ts' })
    const source = await Bun.file(file).text()
    // Without types and type-only imports.
    files.set(name, code.transformSync(source))
    for (const { path } of code.scanImports(source)) {
      if (/^k6(\/|$)/.test(path)) continue
      if (!/^\..*\.ts$/.test(path)) throw new Error(`${name} imports ${path}, which k6 can't load`)
      queue.push(resolve(dirname(file), path))
    }
  }
  return files
}
