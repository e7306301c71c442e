/**
 * Builds `dist/`, the JavaScript for Node and the types (`bun run build`, and before packing). Bun runs the sources.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Glob } from 'bun'

const root = import.meta.dir
const dist = `${root}/dist`
rmSync(dist, { recursive: true, force: true })

const entries = ['index.ts', 'aws-lambda.ts', 'testing/index.ts'].map((name) => `${root}/${name}`)
const { success, logs } = await Bun.build({
  entrypoints: entries,
  outdir: dist,
  root,
  target: 'node',
  packages: 'external',
  splitting: true,
})
if (!success) throw new AggregateError(logs, 'the build failed')

const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', root, '--outDir', dist]
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
const { exitCode, stdout } = Bun.spawnSync(['bunx', 'tsc', ...options, ...emit, ...entries], { cwd: root })
if (exitCode !== 0) throw new Error(`generating the types failed: ${stdout}`)

// Node resolves relative imports only with a file extension.
const names = new Set([...new Glob('**/*.d.ts').scanSync(dist)].map((file) => file.slice(0, -'.d.ts'.length)))
for (const name of names) {
  const file = `${dist}/${name}.d.ts`
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(
      /(from |import\()(['"])(\.[^'"]*)\2/g,
      (_, start, mark, path) => `${start}${mark}${withExtension(name, path)}${mark}`,
    ),
  )
}

function withExtension(from: string, path: string): string {
  const target = new URL(path, `file:///${from}`).pathname.slice(1).replace(/\/$/, '')
  return names.has(target) ? `${path}.js` : `${path.replace(/\/$/, '')}/index.js`
}
