/** What is not taken, with the HTTP status that says so and a sentence about what to change. */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 413 | 415 | 429 | 503,
    message: string,
  ) {
    super(message)
  }
}
