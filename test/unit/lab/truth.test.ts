import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import { Room } from '../../../src/lab/room.ts'
import { startLab } from '../../../src/lab/server.ts'
import { Truth } from '../../../src/lab/truth.ts'

const HOUR_MS = 3_600_000
const never = () => false

afterEach(() => void vi.useRealTimers())

describe('what waits for a truth', () => {
  it('is told what comes, and keeps no timer', async () => {
    vi.useFakeTimers()
    const truth = new Truth()
    const waiting = truth.wait(({ type }) => type === 'chat', HOUR_MS)
    truth.add('chat', { text: 'hi' })
    expect(await waiting).toMatchObject({ text: 'hi' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with nothing, and without a timer, when the truth is closed', async () => {
    vi.useFakeTimers()
    const truth = new Truth()
    const waiting = truth.wait(never, HOUR_MS)
    truth.close()
    expect([await waiting, await truth.wait(never, HOUR_MS)]).toEqual([undefined, undefined])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with its room', async () => {
    const room = new Room(roomSchema.parse({ platform: 'meet', speech: 'none' }))
    const waiting = room.truth.wait(never, HOUR_MS)
    await room.close()
    expect(await waiting).toBeUndefined()
  })

  it('ends with the lab when a client asked over HTTP', async () => {
    const lab = await startLab()
    const { id, truth } = await lab.room({ platform: 'meet', speech: 'none' })
    const waits = vi.spyOn(truth, 'wait')
    const body = JSON.stringify({ type: 'chat', timeoutMs: 600_000 })
    const asked = fetch(`${lab.controlUrl}/rooms/${id}/wait`, { method: 'POST', body }).catch(() => 'cut')
    await vi.waitFor(() => expect(waits).toHaveBeenCalled())
    await lab.close()
    expect(await waits.mock.results[0]?.value).toBeUndefined()
    await asked
  })
})

describe('a room that is closed while it opens', () => {
  it('does not begin to run', async () => {
    const room = new Room(roomSchema.parse({ platform: 'meet', speech: 'none', people: [{ name: 'Ada', camera: 'off' }] }))
    const begins = vi.spyOn(globalThis, 'setInterval')
    const opening = room.open()
    await room.close()
    await opening
    expect(begins).not.toHaveBeenCalled()
    begins.mockRestore()
  })
})
