/**
 * Makes `dist/`: JavaScript and types for Node and for type checkers (`bun run build`, and before packing). Bun runs the
 * sources themselves.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Glob } from 'bun'

const here = import.meta.dir
const dist = `${here}/dist`
rmSync(dist, { recursive: true, force: true })

const entries = ['index.ts', 'aws-lambda.ts', 'testing/index.ts'].map((name) => `${here}/${name}`)
const { success, logs } = await Bun.build({
  entrypoints: entries,
  outdir: dist,
  root: here,
  target: 'node',
  packages: 'external',
  splitting: true,
})
if (!success) throw new AggregateError(logs, 'the build failed')

const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', here, '--outDir', dist]
const options = [
  '--ignoreConfig',
  '--target',
  'esnext',
  '--module',
  'preserve',
  '--strict',
  '--skipLibCheck',
  '--types',
  'bun-types',
]
const { exitCode, stdout } = Bun.spawnSync(['bunx', 'tsc', ...options, ...emit, ...entries], { cwd: here })
if (exitCode !== 0) throw new Error(`no types: ${stdout}`)

// Node's own resolution wants whole file names.
const names = new Set([...new Glob('**/*.d.ts').scanSync(dist)].map((file) => file.slice(0, -'.d.ts'.length)))
for (const name of names) {
  const file = `${dist}/${name}.d.ts`
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(
      /(from |import\()(['"])(\.[^'"]*)\2/g,
      (_, start, mark, path) => `${start}${mark}${whole(name, path)}${mark}`,
    ),
  )
}

function whole(from: string, path: string): string {
  const target = new URL(path, `file:///${from}`).pathname.slice(1).replace(/\/$/, '')
  return names.has(target) ? `${path}.js` : `${path.replace(/\/$/, '')}/index.js`
}
