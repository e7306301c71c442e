/** Packages that the packed package is tried with and that this repository does not install for itself. */
export const registryDependencies = { '@hono/node-server': '2.1.9', '@types/node': '26.6.6' }
