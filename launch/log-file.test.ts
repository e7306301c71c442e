import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { LogFile } from './log-file'

const dir = mkdtempSync('/tmp/vitrine-log-')

test('a new log file begins at each start and after 20 MB, and the previous one is retained', () => {
  const path = `${dir}/server.log`
  const written = (name = path) => readFileSync(name, 'utf8')
  new LogFile(path, unexpected).write('first')
  const log = new LogFile(path, unexpected)
  log.write('second')
  expect([written(), written(`${path}.1`)]).toEqual(['second\n', 'first\n'])
  const long = 'x'.repeat(1_000_000)
  for (let n = 0; n < 21; n++) log.write(long)
  expect(written().length).toBeLessThan(2_000_000)
  expect(written(`${path}.1`).length).toBeGreaterThan(19_000_000)
  log.write('a')
  log.write('b')
  expect(log.lastLines(2)).toBe('\na\nb')
})

test('a log file that cannot be written is reported once, and its lines go to the fallback', () => {
  const lines: string[] = []
  const log = new LogFile(`${dir}/nowhere/server.log`, (line) => lines.push(line))
  log.write('one')
  log.write('two')
  expect(lines).toEqual([expect.stringContaining('its log file cannot be written: ENOENT'), 'one', 'two'])
  expect(log.lastLines(8)).toBe('')
  rmSync(dir, { recursive: true })
})

const unexpected = (line: string) => {
  throw new Error(line)
}
