/** An OTLP/HTTP receiver that accepts everything; prints its address. */
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    await request.arrayBuffer()
    return Response.json({})
  },
})
process.stdout.write(`http://127.0.0.1:${server.port}\n`)
