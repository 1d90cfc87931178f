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
