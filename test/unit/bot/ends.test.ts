import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callBot, comes, others, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]
const ENDED: readonly Turn[] = [
  ...HEARD,
  { at: 20_000, seen: { type: 'end', reason: 'meeting_ended', evidence: { signs: ['hostEnded'] } } },
]
const path = (bot: ReturnType<typeof callBot>['bot']) => bot.history.map(({ to }) => to)

/** A file where a folder would have to be. */
function blocked(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'remora-blocked-')), 'file')
  writeFileSync(file, '')
  return join(file, 'recordings')
}

describe('files that cannot be finished', () => {
  const failing = () =>
    callBot(
      ENDED,
      {},
      {
        finish: async () => {
          throw new Error('ENOSPC: no space left on device')
        },
      },
    )

  it('leave a completed bot, truncated, with what stands on disk and who was there', async () => {
    const { bot } = failing()
    await bot.join()
    const result = await bot.done
    expect(result).toMatchObject({ outcome: 'completed', reason: 'meeting_ended', truncated: true, pcm: 'audio.pcm' })
    expect(result.durationMs).toBeGreaterThan(10_000)
    expect(result.participants.map(({ name }) => name)).toEqual(['Ada'])
  })

  it('are told of with the command that finishes them', async () => {
    const { bot } = failing()
    await bot.join()
    const { error } = await bot.done
    expect(error).toMatchObject({ code: 'STORAGE_FAILED', message: expect.stringContaining('ENOSPC') })
    expect(error?.details).toMatchObject({ command: expect.stringMatching(`^npx remora recover .*${bot.id}$`) })
  })
})

describe('the order of an end', () => {
  it('is out, call_ended, files, completed', async () => {
    const did: string[] = []
    const { bot } = callBot(HEARD, { maxDurationMs: 10_000 }, { did })
    bot.on('status', ({ to }) => did.push(to))
    await bot.join()
    await bot.done
    expect(did.splice(did.indexOf('devices off'), 1)).toEqual(['devices off']) // once in the call, and nothing waits for it
    expect(did.slice(did.indexOf('in_call_recording') + 1)).toEqual(['leave', 'close', 'call_ended', 'finish', 'completed'])
  })

  it('holds for a call nobody joined', async () => {
    const { bot } = callBot([others(0, 0)], { nooneJoinedTimeoutMs: 5_000 })
    await bot.join()
    await bot.done
    expect(bot.history.slice(-2)).toMatchObject([
      { to: 'call_ended', reason: 'NOONE_JOINED' },
      { to: 'failed', reason: 'NOONE_JOINED' },
    ])
  })
})

describe('evidence', () => {
  const LIMITS = { everyoneLeftTimeoutMs: 5_000, nooneJoinedTimeoutMs: 5_000, silenceTimeoutMs: 5_000, maxDurationMs: 20_000 }
  it.each<[string, readonly Turn[], Parameters<typeof callBot>[1]]>([
    ['everyone_left', [comes(0, 'Ada'), others(1_000, 0)], LIMITS],
    ['silence', [comes(0, 'Ada'), { at: 0, sound: false }], LIMITS],
    ['max_duration', HEARD, LIMITS],
    ['NOONE_JOINED', [others(0, 0)], LIMITS],
  ])('of %s is the limit, the address and a picture', async (reason, turns, limits) => {
    const { bot } = callBot(turns, limits)
    await bot.join().catch(() => {})
    await bot.done
    for (const { evidence } of bot.history.slice(-2))
      expect(evidence).toEqual({ url: 'about:blank', text: expect.stringMatching(/TimeoutMs: |DurationMs: /), screenshot: `${reason}.jpg` })
  })

  it('of every status has the address, and a picture once there is a page', async () => {
    const { bot, clock } = callBot(HEARD)
    await bot.join()
    await clock.after(5_000)
    await bot.leave()
    const seen = bot.history.map(({ to, evidence }) => [
      to,
      evidence?.url !== undefined || evidence?.signs !== undefined,
      evidence?.screenshot,
    ])
    expect(seen).toEqual([
      ['joining_call', true, undefined],
      ['in_call_not_recording', true, 'in_call_not_recording.jpg'],
      ['in_call_recording', true, 'in_call_not_recording.jpg'],
      ['call_ended', true, 'caller.jpg'],
      ['completed', true, 'caller.jpg'],
    ])
  })
})

describe('a folder that cannot be written', () => {
  it('ends a bot told to leave before it was sent as one told to leave', async () => {
    const { bot } = callBot([], {}, { outputDir: blocked() })
    await bot.leave()
    expect(await bot.done).toMatchObject({ outcome: 'failed', reason: 'LEFT_BEFORE_RECORDING', events: '' })
  })

  it('ends a bot that is sent with STORAGE_FAILED', async () => {
    const { bot } = callBot([], {}, { outputDir: blocked() })
    await expect(bot.join()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    expect(await bot.done).toMatchObject({ outcome: 'failed', reason: 'STORAGE_FAILED', events: '' })
  })
})

it('is not sent any more once it was told to leave', async () => {
  const { bot, pages } = callBot(HEARD)
  await bot.leave()
  await expect(bot.join()).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
  expect(path(bot)).toEqual(['call_ended', 'failed'])
  expect(pages()).toBe(0)
})
