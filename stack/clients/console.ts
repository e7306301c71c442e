/** Whether Vitrine's console listens at `url`. */
export const isConsole = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`, { signal: AbortSignal.timeout(1000) })
    .then((response) => response.json() as Promise<{ console?: string }>)
    .then(({ console }) => console === 'vitrine')
    .catch(() => false)
