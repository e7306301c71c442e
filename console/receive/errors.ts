/** Rejects an export request with an HTTP status and a message: what the sender must change. */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 413 | 415 | 429 | 503,
    message?: string,
  ) {
    super(message)
  }
}

/** 400 for a body that is not OTLP. The message names the path of the wrong value and what is expected there. */
export class MalformedError extends HttpError {
  constructor(
    public path: string,
    public expected: string,
  ) {
    super(400)
  }

  override get message(): string {
    return `${this.path || 'the body'} must be ${this.expected}`
  }
}
