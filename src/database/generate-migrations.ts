/** Writes the missing migrations of each service in both dialects: `bun run generate NAME`. */
const services = ['user', 'product', 'order']
const name = process.argv[2] ?? 'change'
const dialects = ['mysql', 'sqlite']

for (const service of services) {
  for (const dialect of dialects) await generate(service, dialect)
}

async function generate(service: string, dialect: string): Promise<void> {
  const config = 'src/database/drizzle.config.ts'
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    ['bun', '--bun', 'drizzle-kit', 'generate', `--config=${config}`, `--name=${name}`],
    { env: { ...process.env, SERVICE: service, DIALECT: dialect } },
  )
  const last = stdout.toString().trim().split('\n').at(-1)
  process.stdout.write(`${service} ${dialect}: ${last}\n`)
  if (exitCode !== 0) throw new Error(stderr.toString())
}

export {}
