import { mkdirSync } from 'node:fs'
import { findProgram } from '../requirements'

/** The part of a project, as compose-go resolves it, that rules check. */
export interface Project {
  name: string
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean }>
  volumes: Record<string, unknown>
}

export interface Service {
  image?: string
  build?: unknown
  pull_policy?: string
  user?: string
  read_only?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  security_opt?: string[]
  mem_limit?: string
  pids_limit?: number
  restart?: string
  stop_grace_period?: string
  command?: string[] | null
  environment?: Record<string, string | null>
  healthcheck?: { test?: string[]; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
  ports?: { host_ip?: string; target: number; published?: string }[]
  volumes?: {
    type: string
    source?: string
    target: string
    read_only?: boolean
    bind?: { create_host_path?: boolean }
  }[]
  networks?: Record<string, unknown>
  network_mode?: string
  logging?: { options?: Record<string, string> }
}

const program = `${process.cwd()}/.cache/compose/load`

/** Builds the loader: seconds the first time, cached afterwards. @throws Error with the output of Go */
export function buildLoader(): void {
  mkdirSync('.cache/compose', { recursive: true })
  const command = [findProgram('go') ?? 'go', 'build', '-C', 'test/compose', '-buildvcs=false', '-o', program, '.']
  const { exitCode, stderr } = Bun.spawnSync(command, { env: process.env })
  if (exitCode !== 0) throw new Error(stderr.toString())
}

export interface LoadProjectOptions {
  files?: string[]
  envFile?: string
  env?: Record<string, string>
}

/** Loads the project as `docker compose` does; `refusal` is its error message, or empty. */
export function loadProject({ files = [], envFile, env = {} }: LoadProjectOptions = {}): {
  project: Project
  refusal: string
} {
  const options = files.flatMap((file) => ['-f', file]).concat(envFile ? ['-env-file', envFile] : [])
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, '-dir', '.', ...options], { env })
  const none = { name: '', services: {}, networks: {}, volumes: {} }
  return { project: exitCode === 0 ? JSON.parse(stdout.toString()) : none, refusal: stderr.toString() }
}
