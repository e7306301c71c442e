import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'

// One change causes several events, and a replaced file is missing for a moment.
const debounceMs = 20

/**
 * Calls `onText` with the text of a file, now and after each change. It watches the folder, because a watch on the file ends
 * when the file is replaced.
 * @param onError called when the file or the folder cannot be read; watching continues
 * @returns a function that stops watching
 */
export function watchFileText(
  file: string,
  onText: (text: string) => void,
  onError: (error: unknown) => void,
): () => void {
  let last: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let watcher: FSWatcher | undefined
  read()
  try {
    watcher = watch(dirname(file), { persistent: false }, readSoon).on('error', onError)
  } catch (error) {
    onError(error)
  }
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }

  function readSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(read, debounceMs)
    timer.unref()
  }

  function read(): void {
    try {
      const text = readFileSync(file, 'utf8')
      if (text === last) return
      last = text
      onText(text)
    } catch (error) {
      onError(error)
    }
  }
}
