/**
 * Preloaded into each service. The launcher holds the other end of standard input: when it ends for any reason, the stream
 * closes and the service stops.
 */
process.stdin.resume()
process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 5000).unref()
})
