import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'

// One change is several events; a file that is replaced is gone for a moment.
const settleMs = 20

/**
 * Tells the text of a file now, and whenever it has another. The folder is watched and not the file: a file that is replaced
 * by another would never be heard of again. @returns what ends it.
 * @param onError told when file or folder cannot be read; what comes later is told all the same.
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
    watcher = watch(dirname(file), { persistent: false }, soon).on('error', onError)
  } catch (error) {
    onError(error)
  }
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(read, settleMs)
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
