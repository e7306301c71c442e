const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'])

/** A method that may be a label: `_OTHER` for whatever a client makes up. Source: semantic conventions 1.44, HTTP. */
export const methodAttribute = (method: string): string => (known.has(method) ? method : '_OTHER')

/** How spans are called: unknown methods are `HTTP` there. */
export const methodInSpanName = (method: string): string => (method === '_OTHER' ? 'HTTP' : method)
