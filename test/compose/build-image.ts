import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** An image as a folder. */
export interface Image {
  root: string
  workdir: string
  user: string
  entrypoint: string[]
}

/**
 * Executes the Dockerfile's stages in folders below `dir`, without a container engine. COPY honors `.dockerignore`, RUN
 * runs on this machine. Base images are left out: they bring Bun only.
 * @throws Error at an unsupported instruction, a missing file, or a command that fails
 */
export function buildImage(dir: string): Image {
  const stages = new Map<string, Image>()
  let image: Image = { root: dir, workdir: '/', user: '', entrypoint: [] }
  for (const line of readFileSync('Dockerfile', 'utf8').split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue
    const [instruction = '', ...words] = line.trim().split(/\s+/)
    const rest = words.join(' ')
    if (instruction === 'FROM') {
      image = { root: join(dir, words[2] ?? 'final'), workdir: '/', user: 'root', entrypoint: [] }
      stages.set(words[2] ?? 'final', image)
    } else if (instruction === 'WORKDIR') {
      image.workdir = rest
      mkdirSync(join(image.root, rest), { recursive: true })
    } else if (instruction === 'COPY') copy(image, words, stages)
    else if (instruction === 'RUN') run(image, words)
    else if (instruction === 'USER') image.user = rest
    else if (instruction === 'ENTRYPOINT') image.entrypoint = JSON.parse(rest)
    else if (instruction !== 'ENV') throw new Error(`Dockerfile: ${instruction} is not supported here`)
  }
  return image
}

function copy(image: Image, words: string[], stages: Map<string, Image>): void {
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
  const target = words.pop() ?? ''
  const base = from ? stages.get(from)?.root : '.'
  const isIgnored = from ? () => false : createIgnoreFilter(readFileSync('.dockerignore', 'utf8'))
  for (const source of words) {
    const path = join(base ?? '.', source)
    const isFolder = statSync(path).isDirectory()
    // Docker copies a folder's content, and a file into a folder where the target ends with a slash.
    const into = /\/$|^\.$/.test(target) && !isFolder ? join(target, basename(source)) : target
    cpSync(path, join(image.root, image.workdir, into), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() || !isIgnored(file),
    })
  }
}

function run(image: Image, words: string[]): void {
  const command = [words[0] === 'bun' ? process.execPath : (words[0] ?? ''), ...words.slice(1)]
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd: join(image.root, image.workdir) })
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
}

/** As Docker does: the last pattern that matches a path or one of its folders decides; `!` includes it again. */
export function createIgnoreFilter(patterns: string): (path: string) => boolean {
  const rules = patterns
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => ({ isIncluded: line.startsWith('!'), glob: new Bun.Glob(line.replace(/^!/, '')) }))
  return (path) => {
    const parts = path.split('/').filter((part) => part !== '.')
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    const last = rules.findLast(({ glob }) => paths.some((one) => glob.match(one)))
    return last !== undefined && !last.isIncluded
  }
}

/** All files of a folder, as paths relative to it; symbolic links are not followed. */
export const listFiles = (dir: string): string[] => [...new Bun.Glob('**/*').scanSync({ cwd: dir, dot: true })]
