/** An OTLP/HTTP receiver that accepts everything; in a process of its own, so that its work is not counted. */
export async function startReceiver(): Promise<{ url: string; stop: () => void }> {
  const child = Bun.spawn([process.execPath, import.meta.path], { stdout: 'pipe' })
  const { value } = await child.stdout.getReader().read()
  return { url: new TextDecoder().decode(value).trim(), stop: () => child.kill() }
}

if (import.meta.main) {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      await request.arrayBuffer()
      return Response.json({})
    },
  })
  process.stdout.write(`http://127.0.0.1:${server.port}\n`)
}
