import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BotError, isBotError } from '../../../src/core/errors.ts'
import { decodeFrame, decodeVideo, encodeFrame, encodeVideo } from '../../../src/core/frame.ts'
import { Lifecycle } from '../../../src/core/lifecycle.ts'
import { END_REASONS, ERROR_CODES, exitCodeOf } from '../../../src/core/outcomes.ts'
import { Scope } from '../../../src/core/scope.ts'
import { BOT_STATUSES, type BotStatus, isTerminal, TRANSITIONS } from '../../../src/core/status.ts'

describe('statuses', () => {
  it.each(BOT_STATUSES)('%s can still reach an end', (start) => {
    const seen = new Set<BotStatus>([start])
    for (const status of seen) for (const next of Object.values(TRANSITIONS[status])) seen.add(next)
    expect([...seen].some(isTerminal)).toBe(true)
  })

  it('refuses an illegal move and stays where it was', () => {
    const life = new Lifecycle(
      () => 1,
      () => {},
    )
    expect(() => life.apply('recording')).toThrowError(/cannot happen while queued/)
    expect(life.status).toBe('queued')
  })
})

describe('outcomes', () => {
  it('README lists every code and every reason, and no other code', () => {
    const readme = readFileSync('README.md', 'utf8')
    for (const name of [...Object.keys(ERROR_CODES), ...Object.keys(END_REASONS)]) expect(readme).toContain(`\`${name}\``)
    const said = [...readme.matchAll(/^\| `([A-Z_]{4,})` \|/gm)].map(([, code]) => code)
    expect(said.sort()).toEqual(Object.keys(ERROR_CODES).sort())
  })

  it('gives the exit codes of the table', () => {
    expect(exitCodeOf({ outcome: 'completed' })).toBe(0)
    expect(exitCodeOf({ outcome: 'failed', error: { code: 'NOT_ACCEPTED' } })).toBe(3)
    expect(exitCodeOf({ outcome: 'failed', error: { code: 'CONFIG_INVALID' } })).toBe(2)
  })

  it('gives 4 to every other failure of the caller, the platform and the meeting, and 5 to our own and the network’s', () => {
    const others = Object.values(ERROR_CODES).filter(({ exit }) => exit > 3)
    for (const { responsible, exit } of others)
      expect([responsible, exit]).toEqual([responsible, /^(us|network)$/.test(responsible) ? 5 : 4])
  })

  it('README gives each code its exit code', () => {
    const readme = readFileSync('README.md', 'utf8')
    const said = [...readme.matchAll(/^\| `([A-Z_]{4,})` \|.*\| (\d) \|$/gm)].map(([, code, exit]) => [code, Number(exit)])
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { exit }]) => [code, exit])))
  })

  it('knows its own errors by brand and code', () => {
    const error = new BotError('NOT_ACCEPTED', 'no')
    expect([isBotError(error), isBotError(error, 'NOT_ACCEPTED'), isBotError(error, 'INTERNAL'), isBotError(new Error('no'))]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('media frames', () => {
  it('survive the way from page to Node, also out of an unaligned buffer', () => {
    const frame = {
      epoch: 2,
      seq: 7,
      atMs: 1.5,
      sampleRate: 16_000 as const,
      mix: Int16Array.of(1, -2, 3),
      tracks: [{ track: 4, pcm: Int16Array.of(9, -9), sources: [77] }],
    }
    const bytes = encodeFrame(frame)
    for (const shift of [0, 1, 2, 3]) {
      const moved = Buffer.alloc(bytes.length + shift)
      moved.set(bytes, shift)
      expect(decodeFrame(moved.subarray(shift))).toEqual(frame)
    }
    const push = {
      epoch: 1,
      config: { codec: 'avc1', width: 2, height: 2, description: Uint8Array.of(1) },
      chunks: [{ key: true, atMs: 5, data: Uint8Array.of(1, 2, 3) }],
    }
    expect(decodeVideo(encodeVideo(push))).toEqual(push)
    expect(() => decodeFrame(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError)
  })
})

it('a scope closes backwards, once, and goes on past a closer that throws', async () => {
  const closed: string[] = []
  const scope = new Scope()
  for (const name of ['a', 'b', 'c']) {
    scope.own(name, () => {
      closed.push(name)
      if (name === 'b') throw new Error('no')
    })
  }
  const [first, again] = await Promise.all([scope.close(), scope.close()])
  expect(closed).toEqual(['c', 'b', 'a'])
  expect(first).toBe(again)
  expect(first.map(({ name }) => name)).toEqual(['b'])
})
