import type { Participant, SpeakingInterval } from '../core/events.ts'
import type { PageFrame } from '../core/frame.ts'
import type { CaptureHealth, MediaSink, TrackInfo, ViewPlan } from '../media/capture-port.ts'
import type { Observation } from '../platform/observation.ts'
import { AudioOut } from '../stream/audio-out.ts'
import { Roster } from './attribution/roster.ts'
import { SpeakerTimeline } from './attribution/speaker-timeline.ts'
import { ViewDirector } from './attribution/view-director.ts'
import { rms } from './attribution/voice-gate.ts'
import type { MediaWatcher } from './call-recording.ts'
import type { BotLife } from './life.ts'

/** Reports come every second; three missing ones are no jitter. */
const HEALTHY_MS = 3_500
const AUDIBLE_RMS = 0.003

/** What the bot makes of what it sees and hears: who is there, who speaks, what the picture shows, whether capture is well. */
export class Eyes implements MediaWatcher {
  readonly sinks: readonly MediaSink[]
  readonly #life: BotLife
  readonly #roster: Roster
  readonly #timeline: SpeakerTimeline
  readonly #director: ViewDirector
  readonly #show: (view: ViewPlan) => void
  #frameAt: number | undefined
  #loudAt: number | undefined
  #healthAt: number | undefined
  #stalled = false

  constructor(life: BotLife, show: (view: ViewPlan) => void) {
    this.#life = life
    this.#show = show
    const nameOf = (id: string) => this.#roster.get(id)?.name
    this.#roster = new Roster((change) => life.emit('participant', change))
    const { output } = life.config.streaming
    const stream =
      output === undefined || output === null
        ? undefined
        : new AudioOut({
            url: output,
            botId: life.id,
            sampleRate: life.config.streaming.audioFrequency === '24khz' ? 24_000 : 16_000,
            clock: life.parts.clock,
            onWarning: life.warn,
          })
    this.sinks = stream === undefined ? [] : [stream]
    this.#timeline = new SpeakerTimeline({
      nameOf,
      onChange: (change) => {
        life.emit('speaking', change)
        const { interval } = change
        if (change.change !== 'revised' && interval.name !== undefined) {
          stream?.speaker({ name: interval.name, isSpeaking: change.change === 'started', timestamp: interval.endAt ?? interval.startAt })
        }
      },
    })
    this.#director = new ViewDirector(nameOf)
  }

  get participants(): readonly Participant[] {
    return this.#roster.participants
  }

  get speakers(): readonly SpeakingInterval[] {
    return this.#timeline.intervals(this.#life.parts.clock.now())
  }

  get others(): boolean | undefined {
    return this.#roster.others
  }

  /** Was anything audible in the last second? Unknown without frames. */
  sound(now: number): boolean | undefined {
    if (this.#frameAt === undefined || now - this.#frameAt > 2_000) return undefined
    return this.#loudAt !== undefined && now - this.#loudAt < 1_500
  }

  captureHealthy(now: number): boolean | undefined {
    if (this.#healthAt === undefined) return undefined
    return now - this.#healthAt < HEALTHY_MS && !this.#stalled
  }

  observe(seen: Observation): void {
    this.#roster.observe(seen)
    this.#timeline.observe(seen)
    this.#director.observe(seen)
    if (seen.type === 'share') {
      const { shareId, on, presenterId, presenterName, atMs: at } = seen
      const name = presenterName ?? (presenterId === undefined ? undefined : this.#roster.get(presenterId)?.name)
      this.#life.emit('screen_share', {
        change: on ? 'started' : 'stopped',
        shareId,
        at,
        ...(presenterId === undefined ? {} : { presenterId }),
        ...(name === undefined ? {} : { presenterName: name }),
      })
    }
    if (seen.type === 'chat') {
      const { id, text, senderId, senderName, atMs: at } = seen
      this.#life.emit('chat', {
        id,
        text,
        at,
        ...(senderId === undefined ? {} : { senderId }),
        ...(senderName === undefined ? {} : { senderName }),
      })
    }
    this.#direct()
  }

  frame(frame: PageFrame): void {
    this.#frameAt = this.#life.parts.clock.now()
    if (rms(frame.mix) > AUDIBLE_RMS) this.#loudAt = this.#frameAt
    this.#timeline.frame(frame)
    this.#direct()
  }

  track(info: TrackInfo): void {
    this.#timeline.track(info)
    this.#director.track(info)
  }

  health({ samples, pictures, error }: CaptureHealth): void {
    this.#healthAt = this.#life.parts.clock.now()
    this.#stalled = samples === 0 || pictures === 0 || error !== undefined
  }

  async close(): Promise<void> {
    this.#timeline.close(this.#life.parts.clock.now())
  }

  #direct(): void {
    const view = this.#director.next(this.#timeline.speaking, this.#life.parts.clock.now())
    if (view !== undefined) this.#show(view)
  }
}
