import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IN_THE_CALL } from '../../../src/lab/fakes/scripted-bot.ts'
import { A_MINUTE, newRig, OTHER_KEY, requestFor } from './rig.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'remora-views-'))

describe('what can be asked of a bot', () => {
  it('shows the pictures of its statuses that are still there, and keeps them for links', async () => {
    const dir = folder()
    const picture = join(dir, '01-tile.jpg')
    writeFileSync(picture, 'jpeg')
    const steps = [
      { atMs: 0, signal: 'start' },
      { atMs: 500, signal: 'lobby', screenshot: join(dir, 'gone.jpg') },
      { atMs: 1_000, signal: 'admitted', screenshot: picture },
    ] as const
    const rig = await newRig({ life: () => ({ steps }) })
    const { uuid, createdAt } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(2_000)
    expect(await rig.engine.screenshots(rig.accountId, uuid)).toEqual([{ at: createdAt + 1_000, path: picture }])
    expect(rig.artifacts.kept.get(`${uuid}/01-tile.jpg`)).toBe(picture)
  })

  it('transcribes nothing again: there is no sound, or no transcriber', async () => {
    const audio = join(folder(), 'audio.wav')
    writeFileSync(audio, 'RIFF')
    const media = {
      start: async () => ({ startedAt: 1 }),
      finish: async () => ({ audio, startedAt: 1, durationMs: 1_000, gaps: [] }),
    }
    const rig = await newRig({ life: (_, nth) => (nth === 0 ? { ...A_MINUTE, media } : A_MINUTE) })
    const [sound, silent] = [await rig.engine.create(rig.accountId, requestFor(1)), await rig.engine.create(rig.accountId, requestFor(2))]
    await rig.clock.run(61_000)
    expect(await rig.engine.retranscribe(rig.accountId, sound.uuid)).toBe('unavailable')
    expect(await rig.engine.retranscribe(rig.accountId, silent.uuid)).toBe('no_audio')
    expect(await rig.engine.retranscribe(rig.accountId, crypto.randomUUID())).toBeUndefined()
  })

  it('lists the dead letters of an account, and sends one again under its own id', async () => {
    const rig = await newRig({ life: () => ({ steps: IN_THE_CALL.slice(0, 1) }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(1_000)
    const attempt = { at: rig.clock.now(), durationMs: 5, status: 500, error: null }
    await rig.store.outbox.settle({ botUuid: uuid, sequence: 1 }, attempt, { state: 'dead' })
    expect(await rig.engine.deadLetters(rig.accountId)).toMatchObject([{ botUuid: uuid, sequence: 1 }])
    expect(await rig.engine.deadLetters((await rig.engine.account(OTHER_KEY)) ?? 0)).toEqual([])
    expect(await rig.engine.resend(rig.accountId, uuid, 7)).toBe(false)
    expect(await rig.engine.resend(rig.accountId, uuid, 1)).toBe(true)
    expect(await rig.store.outbox.due(rig.clock.now(), 5)).toMatchObject([{ botUuid: uuid, sequence: 1, state: 'pending' }])
    expect(await rig.engine.counts()).toMatchObject({ pendingDeliveries: 1 })
  })

  it('echoes what the caller gave as extra in the last event', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1, { extra: { order: [1, null] } }))
    await rig.clock.run(61_000)
    expect((await rig.store.outbox.of(uuid)).at(-1)?.data).toMatchObject({ extra: { order: [1, null] } })
  })
})
