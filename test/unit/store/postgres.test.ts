import { afterEach, describe, expect, it, vi } from 'vitest'
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
