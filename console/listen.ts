interface ListenOptions {
  port: number
  /** The environment variable with the port, for the error message. */
  variable: string
  fetch: (request: Request) => Response | Promise<Response>
  idleTimeout?: number
  maxRequestBodySize?: number
}

/** Listens on 127.0.0.1. @throws Error with what to do when the port is in use */
export function listen({ variable, ...options }: ListenOptions) {
  try {
    return Bun.serve({ hostname: '127.0.0.1', ...options })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${options.port} is in use: stop the program that listens on it, or set ${variable}`, {
      cause: error,
    })
  }
}
