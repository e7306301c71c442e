/** Brings node_modules in line with bun.lock; quick when it already is. @throws Error with what `bun install` said */
export async function installPackages(): Promise<void> {
  const startMs = performance.now()
  const child = Bun.spawn([process.execPath, 'install', '--frozen-lockfile'], { stdout: 'pipe', stderr: 'pipe' })
  const slow = setTimeout(() => process.stdout.write('installing packages …\n'), 700)
  const [code, said] = await Promise.all([child.exited, new Response(child.stderr).text()])
  clearTimeout(slow)
  if (code !== 0) throw new Error(`bun install failed:\n${said}`)
  const seconds = (performance.now() - startMs) / 1000
  if (seconds > 0.7) process.stdout.write(`packages installed in ${seconds.toFixed(1)} s\n`)
}
