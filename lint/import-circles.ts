import { dirname, join } from 'node:path'

/** Import specifiers in formatted source text, those of types included. */
const specifier = /^(?:import|export)\b[^'"`;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/**
 * Import circles, type-only imports included: modules of a circle can only be understood together.
 * @param modules source text by path, relative to one folder; imports of other modules are ignored
 * @returns at least one circle of each group of modules that import each other; the first module is also the last
 */
export function findImportCircles(modules: ReadonlyMap<string, string>): string[][] {
  const circles: string[][] = []
  const finished = new Set<string>()
  for (const path of modules.keys()) visit(path, [])
  return circles

  function visit(path: string, importers: string[]): void {
    const start = importers.indexOf(path)
    if (start >= 0) circles.push([...importers.slice(start), path])
    if (start >= 0 || finished.has(path)) return
    for (const imported of importsOf(path)) visit(imported, [...importers, path])
    finished.add(path)
  }

  function importsOf(path: string): string[] {
    const specifiers = [...(modules.get(path) ?? '').matchAll(specifier)].map(
      ([, from, bare, dynamic]) => from ?? bare ?? dynamic,
    )
    return specifiers.flatMap((name = '') => {
      if (!name.startsWith('.')) return []
      const base = join(dirname(path), name)
      const file = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`, `${base}/index.tsx`].find((one) =>
        modules.has(one),
      )
      return file && file !== path ? [file] : []
    })
  }
}
