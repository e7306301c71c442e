/**
 * Preloaded into each service that the launcher starts: the launcher holds the other end of standard input, and when
 * that closes, however the launcher died, the service stops too.
 */
process.stdin.resume()
process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 5000).unref()
})
