import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserProvider, OpenPage, PageGone } from '../../../src/browser/port.ts'
import type { BotConfig } from '../../../src/config/bot-config.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Capture, CaptureHealth, CaptureListener, MediaSink } from '../../../src/media/capture-port.ts'
import type { Recorder } from '../../../src/media/recorder-port.ts'
import { MeetingBot } from '../../../src/meeting-bot.ts'
import { definePlatform, type JoinOptions, type PlatformAdapter } from '../../../src/platform/adapter.ts'
import { defineControls } from '../../../src/platform/controls.ts'
import type { Observation } from '../../../src/platform/observation.ts'

type Said = Observation extends infer One ? (One extends Observation ? Omit<One, 'atMs'> : never) : never
/** What becomes true at this fake millisecond of the call: something observed, the sound on or off (null: no frames). */
export interface Turn {
  at: number
  seen?: Said
  sound?: boolean | null
  /** The page loads another document. */
  reload?: true
  /** The page is gone. */
  gone?: PageGone['kind']
  /** Capture reports from now on, or no longer. Without one it never does. */
  reports?: boolean | Partial<CaptureHealth>
}

const FRAME_MS = 500
const HEALTHY = { audioContext: 'running', samples: 48_000, pictures: 15, skipped: 0, tracks: [] } satisfies Partial<CaptureHealth>
const person = (id: string, present: boolean): Said => ({ type: 'participant', id, present, name: id })
export const comes = (at: number, id: string): Turn => ({ at, seen: person(id, true) })
export const goes = (at: number, id: string): Turn => ({ at, seen: person(id, false) })
export const others = (at: number, n?: number): Turn => ({
  at,
  seen: { type: 'count', from: 'test', ...(n === undefined ? {} : { others: n }) },
})

/** What a test puts in the place of what a call usually has. */
export interface Instead {
  /** The way in: what happens between the knock and the call. */
  join?(stage: FakeStage, signs: Pick<JoinOptions, 'onSign' | 'onContradiction' | 'signal'>): Promise<void>
  /** Finishing the files. */
  finish?(): Promise<void>
  /** What the capture of the n-th page does otherwise than usual. */
  capture?(usual: Capture, page: number): Partial<Capture>
  /** What comes before the n-th page, which is opened after another. */
  reopen?(page: number): Promise<void>
  sinks?: readonly MediaSink[]
  outputDir?: string
  /** Told of what is done to the page and the files, in order. */
  did?: string[]
}

/** A bot in a call that plays a script on a fake clock: the real life, a page and a platform that are told what to say. */
export function callBot(turns: readonly Turn[], automaticLeave: BotConfig['automaticLeave'] = {}, instead: Instead = {}) {
  const { did = [] } = instead
  const clock = new FakeClock({ auto: true, limitMs: 6 * 3_600_000 })
  let startedAt: number | undefined
  const now = () => clock.now() - (startedAt ?? clock.now())
  const sound = () => turns.filter((turn) => turn.at <= now() && turn.sound !== undefined).at(-1)?.sound ?? null
  const told = new Set<Turn>()
  const platform = definePlatform({
    id: 'scripted',
    controls: defineControls({ door: { clues: [{ css: 'b' }] } }),
    parse: () => ({ platform: 'scripted', id: 'm', joinUrl: 'https://meeting.test/m' }),
    facts: () => (fact) =>
      fact.name === 'state:tile' ? [{ ...person(String(fact.data), true), via: 'tile', atMs: fact.atMs } as Observation] : [],
    async join(stage, { onSign, onContradiction, signal }) {
      did.push('join')
      if (instead.join === undefined) onSign({ signs: ['door'] })
      else await instead.join(stage as unknown as FakeStage, { onSign, onContradiction, signal })
      startedAt ??= clock.now()
      return { signs: ['door'] }
    },
    async *observe(_stage, { signal }) {
      for (const turn of turns.toSorted((a, b) => a.at - b.at)) {
        const { at, seen } = turn
        if (seen === undefined || at < now() || told.has(turn)) continue
        await clock.after(at - now(), signal)
        if (seen.type === 'outside') told.add(turn) // once: the next page stands somewhere else
        yield { ...seen, atMs: clock.now() } as Observation
      }
      await clock.after(Number.POSITIVE_INFINITY, signal)
    },
    devicesOff: async () => void did.push('devices off'),
    act: () => ({ layout: async () => false, audioOnly: async () => false }),
    async leave() {
      did.push('leave')
    },
  })
  let [opened, closed] = [0, 0]
  const browser: BrowserProvider = {
    async open() {
      return page()
    },
    async close() {},
  }
  function page(): OpenPage {
    opened++
    const stop = new AbortController()
    const over = new Promise<PageGone>((resolve) => {
      const [death] = turns.filter(({ gone, at }) => gone !== undefined && at > now())
      if (death?.gone === undefined) return
      const { gone } = death
      void clock.after(death.at - now(), stop.signal).then(
        () => resolve({ kind: gone, at: clock.now() }),
        () => {}, // closed before it died
      )
    })
    const stage = new FakeStage(clock, {})
    stage.reload()
    for (const { at, reload } of turns) {
      if (reload !== true) continue
      void clock.after(at, stop.signal).then(
        () => stage.reload(),
        () => {}, // closed before
      )
    }
    const close = async () => {
      if (stop.signal.aborted) return
      did.push('close')
      closed++
      stop.abort()
    }
    return {
      stage,
      capture: capture(stop.signal),
      gone: over,
      screenshot: async (label) => (stop.signal.aborted ? undefined : `${label}.jpg`),
      close,
      async reopen() {
        await close()
        await instead.reopen?.(opened + 1)
        return page()
      },
    }
  }
  function capture(signal: AbortSignal): Capture {
    let armed = new AbortController()
    const run = async (listener: CaptureListener) => {
      for (let seq = 0; ; seq++) {
        const reports = turns.filter((turn) => turn.at <= now() && turn.reports !== undefined).at(-1)?.reports
        const said = reports === true ? {} : reports
        if (typeof said === 'object' && seq % 2 === 0) listener.health({ ...HEALTHY, ...said, epoch: opened, atMs: clock.now() })
        const loud = sound()
        if (loud !== null || seq === 0) {
          const mix = new Int16Array(48).fill(loud === true ? 8_000 : 0)
          listener.frame({ epoch: opened, seq, atMs: clock.now(), sampleRate: 16_000, tracks: [], mix })
        }
        await clock.after(FRAME_MS, AbortSignal.any([signal, armed.signal]))
      }
    }
    const usual: Capture = {
      arm: async (_, listener) => {
        did.push('arm')
        armed.abort()
        armed = new AbortController()
        void run(listener).catch(() => {}) // ends with its page
      },
      disarm: async () => armed.abort(),
      show: async () => {},
    }
    return { ...usual, ...instead.capture?.(usual, opened) }
  }
  const { outputDir = mkdtempSync(join(tmpdir(), 'remora-life-')), sinks = [] } = instead
  const bot = new MeetingBot(
    { meetingUrl: 'https://meeting.test/m', botName: 'Notes', outputDir, automaticLeave },
    { browser, clock, platforms: [platform as PlatformAdapter], createRecorder: () => recorder(clock, instead), sinks },
  )
  return { bot, clock, inCallMs: now, pages: () => opened, openPages: () => opened - closed }
}

function recorder(clock: FakeClock, { finish, did }: Instead): Recorder {
  let [state, startedAt, endedAt]: [Recorder['state'], number, number] = ['idle', 0, 0]
  return {
    get state() {
      return state
    },
    get durationMs() {
      return (state === 'finished' ? endedAt : clock.now()) - startedAt
    },
    hold() {
      did?.push('hold')
      state = 'held'
    },
    discard() {
      if (state !== 'held') return
      did?.push('discard')
      state = 'idle'
    },
    async commit() {
      did?.push('commit')
      ;[state, startedAt] = ['recording', clock.now()]
      return { startedAt }
    },
    frame() {},
    video() {},
    kept: () => ({ startedAt, durationMs: endedAt - startedAt, gaps: [], pcm: 'audio.pcm' }),
    async finish() {
      ;[state, endedAt] = ['finished', clock.now()]
      await finish?.()
      did?.push('finish')
      return { startedAt, durationMs: endedAt - startedAt, gaps: [] }
    },
  }
}
