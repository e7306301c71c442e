/**
 * Caches the results of `create` by key. Keys may come from clients: a full cache starts over, so that invented keys can't
 * displace the common ones for good.
 * @param maxEntries results that are cached at once.
 */
export function memoize<K, V>(create: (key: K) => V, maxEntries = 1000): (key: K) => V {
  const cache = new Map<K, V>()
  return (key) => {
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const created = create(key)
    if (cache.size >= maxEntries) cache.clear()
    cache.set(key, created)
    return created
  }
}
