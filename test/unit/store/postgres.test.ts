import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Kysely, sql } from 'kysely'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { postgresFlavour } from '../../../src/store/postgres.ts'
import { postgresStore } from '../../../src/store.ts'

const CONNECTION = { connectionString: 'postgres://user:topsecret@127.0.0.1:1/none' }

describe('postgresStore', () => {
  afterEach(() => vi.doUnmock('pg'))

  it('says which package to install if pg is missing', async () => {
    vi.doMock('pg', () => {
      throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    await expect(postgresStore(CONNECTION).open()).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      message: expect.stringMatching(/npm install pg/),
    })
  })

  it('says that the server cannot be reached, without the password', async () => {
    const refusal: unknown = await postgresStore(CONNECTION)
      .open()
      .catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'STORAGE_FAILED', message: expect.stringMatching(/ECONNREFUSED/) })
    expect(JSON.stringify(refusal)).not.toContain('topsecret')
  })

  it('waits neither for a connection nor for an answer without end', async () => {
    const asked: unknown[] = []
    class Pool {
      constructor(options: unknown) {
        asked.push(options)
      }
      on() {}
      async end() {}
      async connect() {
        throw new Error('no server today')
      }
    }
    vi.doMock('pg', () => ({ default: { Pool } }))
    await expect(postgresStore(CONNECTION).open()).rejects.toThrow('no server today')
    expect(asked).toEqual([
      { connectionString: CONNECTION.connectionString, connectionTimeoutMillis: 10_000, query_timeout: 30_000, keepAlive: true },
    ])
  })

  it('lets go of a connection whose answer does not come', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      // Lets everybody in, and never says anything again.
      socket.once('data', () => socket.write(Buffer.from([...[0x52, 0, 0, 0, 8, 0, 0, 0, 0], ...[0x5a, 0, 0, 0, 5, 0x49]])))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const connectionString = `postgres://user@127.0.0.1:${port}/none?query_timeout=100`
    const db = new Kysely({ dialect: await postgresFlavour({ connectionString }).connect() })
    await expect(sql`select 1`.execute(db)).rejects.toThrow(/timeout/)
    await expect.poll(() => sockets[0]?.closed ?? sockets[0]?.destroyed).toBe(true)
    await db.destroy()
    server.close()
  })

  it('never ends a pool that was lent', async () => {
    const end = vi.fn()
    const pool = {
      connect: async () => {
        throw new Error('no server today')
      },
      end,
    }
    await expect(postgresStore({ pool } as never).open()).rejects.toThrow('no server today')
    expect(end).not.toHaveBeenCalled()
  })
})
