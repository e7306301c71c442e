/** Installs the packages of bun.lock; fast when they are installed. @throws Error with the output of `bun install` */
export async function installPackages(): Promise<void> {
  const startMs = performance.now()
  const child = Bun.spawn([process.execPath, 'install', '--frozen-lockfile'], { stdout: 'pipe', stderr: 'pipe' })
  const slow = setTimeout(() => process.stdout.write('installing packages …\n'), 700)
  const [code, output] = await Promise.all([child.exited, new Response(child.stderr).text()])
  clearTimeout(slow)
  if (code !== 0) throw new Error(`bun install failed:\n${output}`)
  const seconds = (performance.now() - startMs) / 1000
  if (seconds > 0.7) process.stdout.write(`packages installed in ${seconds.toFixed(1)} s\n`)
}
