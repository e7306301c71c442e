import { expect, test } from 'bun:test'
import { dirname, relative, resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')

test('all that k6 loads is TypeScript that it can run: files by their full name, nothing of npm, Node or Bun', async () => {
  const files = await reachableFrom(`${import.meta.dir}/shop.ts`)
  expect(files.size).toBeGreaterThan(15)
  for (const [file, text] of files) {
    // Others have functions for other hosts too, which nothing here calls.
    if (!file.startsWith('loadtest/')) continue
    const foreign = text.match(/\b(Bun|process|Buffer|fetch|URLSearchParams|structuredClone|setTimeout)\b[.(]/g)
    expect({ file, foreign }).toEqual({ file, foreign: null })
  }
})

/** The files that a file imports, directly or not, by their path. @throws Error for an import that k6 can't follow */
async function reachableFrom(entry: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const queue = [entry]
  for (const file of queue) {
    const name = relative(root, file)
    if (files.has(name)) continue
    const code = new Bun.Transpiler({ loader: 'ts' })
    const source = await Bun.file(file).text()
    // Without types, and without what is imported for its types alone.
    files.set(name, code.transformSync(source))
    for (const { path } of code.scanImports(source)) {
      if (/^k6(\/|$)/.test(path)) continue
      if (!/^\..*\.ts$/.test(path)) throw new Error(`${name} imports ${path}, which k6 can't load`)
      queue.push(resolve(dirname(file), path))
    }
  }
  return files
}
