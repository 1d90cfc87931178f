import type { Participant, SpeakingInterval } from '../core/events.ts'
import type { PageFrame } from '../core/frame.ts'
import type { CaptureHealth, MediaSink, TrackInfo, ViewPlan } from '../media/capture-port.ts'
import type { Observation } from '../platform/observation.ts'
import { AudioOut } from '../stream/audio-out.ts'
import { Nameless } from './attribution/nameless.ts'
import { Roster } from './attribution/roster.ts'
import { ShareBook } from './attribution/share-book.ts'
import { SpeakerTimeline } from './attribution/speaker-timeline.ts'
import { ViewDirector } from './attribution/view-director.ts'
import { rms } from './attribution/voice-gate.ts'
import type { MediaWatcher } from './call-recording.ts'
import { type CaptureTrouble, CaptureWatch } from './capture-watch.ts'
import type { BotLife } from './life.ts'

const AUDIBLE_RMS = 0.003

/** What the bot makes of what it sees and hears: who is there, who speaks, what the picture shows, whether capture is well. */
export class Eyes implements MediaWatcher {
  readonly sinks: readonly MediaSink[]
  readonly #life: BotLife
  readonly #roster: Roster
  readonly #timeline: SpeakerTimeline
  readonly #director: ViewDirector
  readonly #shares: ShareBook
  readonly #watch = new CaptureWatch()
  readonly #nameless = new Nameless()
  readonly #show: (view: ViewPlan) => void
  #frameAt: number | undefined
  #loudAt: number | undefined
  #awake = false
  #onWake: (() => void) | undefined

  constructor(life: BotLife, show: (view: ViewPlan) => void) {
    this.#life = life
    this.#show = show
    const nameOf = (id: string) => this.#roster.get(id)?.name
    this.#roster = new Roster((change) => life.emit('participant', change))
    this.#roster.hold()
    this.#shares = new ShareBook(this.#roster, (change) => life.emit('screen_share', change))
    const { output } = life.config.streaming
    const stream =
      output === undefined || output === null
        ? undefined
        : new AudioOut({
            url: output,
            botId: life.id,
            sampleRate: life.config.streaming.audioFrequency === '24khz' ? 24_000 : 16_000,
            clock: life.parts.clock,
            guard: life.parts.outgoing,
            onWarning: life.warn,
          })
    this.sinks = stream === undefined ? [] : [stream]
    this.#timeline = new SpeakerTimeline({
      nameOf,
      isPerson: (id) => this.#roster.isPerson(id),
      onChange: (change) => {
        life.emit('speaking', change)
        const nameless = this.#nameless.see(change)
        if (nameless !== undefined)
          life.warn('speaker_unknown', 'Voices are heard, and nothing tells whose most of them are', { ...nameless })
        const { interval } = change
        if (change.change !== 'revised' && interval.name !== undefined) {
          stream?.speaker({ name: interval.name, isSpeaking: change.change === 'started', timestamp: interval.endAt ?? interval.startAt })
        }
      },
    })
    this.#director = new ViewDirector({
      nameOf,
      shareOf: (id) => {
        if (!this.#shares.has(id)) return undefined
        const presenterId = this.#shares.presenterOf(id)
        return presenterId === undefined ? {} : { presenterId }
      },
    })
  }

  get participants(): readonly Participant[] {
    return this.#roster.participants
  }

  get speakers(): readonly SpeakingInterval[] {
    return this.#timeline.intervals()
  }

  get others(): boolean | undefined {
    return this.#roster.others
  }

  /** Was anything audible in the last second? Unknown without frames. */
  sound(now: number): boolean | undefined {
    if (this.#frameAt === undefined || now - this.#frameAt > 2_000) return undefined
    return this.#loudAt !== undefined && now - this.#loudAt < 1_500
  }

  /** Is capture well, and if not, what is wrong? */
  capture(now: number): CaptureTrouble | 'well' | undefined {
    return this.#watch.state(now)
  }

  /** The page may show people from now on, or no longer: true from the first sign of admission. */
  armed(on: boolean): void {
    this.#awake = on
    if (on) this.#onWake?.()
    else {
      this.#roster.hold()
      this.#roster.forget() // it was no call: whoever the page showed was the bot's own preview
    }
  }

  /** It is a call: who was seen since the first sign is there. */
  kept(): void {
    this.#roster.release(this.#life.parts.clock.now())
  }

  /** Are people looked for? Before the first sign of admission a page shows nobody but ourselves. */
  get awake(): boolean {
    return this.#awake
  }

  /** Calls once people are looked for, now if they are already. The newest listener is the one that counts. */
  onceAwake(listener: () => void): void {
    this.#onWake = listener
    if (this.#awake) listener()
  }

  /** Another page load: what the last one showed of voices, pictures and screens is over. */
  reload(): void {
    this.#timeline.reload()
    this.#director.reload()
    this.#shares.close(this.#life.parts.clock.now())
  }

  observe(seen: Observation): void {
    this.#roster.observe(seen)
    this.#timeline.observe(seen)
    if (seen.type === 'track' && seen.share === true && seen.participantId !== undefined && this.#roster.isPerson(seen.participantId)) {
      this.#director.observe({ ...seen, share: false })
    } else this.#director.observe(seen)
    if (seen.type !== 'share' || !this.#roster.isPerson(seen.shareId)) this.#shares.observe(seen)
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
    this.#watch.frame(frame)
    this.#roster.settle(frame.atMs)
    this.#timeline.frame(frame)
    this.#direct()
  }

  track(info: TrackInfo): void {
    this.#timeline.track(info)
    this.#director.track(info)
  }

  health(health: CaptureHealth): void {
    const { heard } = this.#timeline
    const unheard = this.#timeline.shown.filter((id) => !heard.includes(id))
    this.#watch.report(health, unheard, this.#life.parts.clock.now())
  }

  /** The call is over: whoever still speaks has spoken until now. */
  async close(): Promise<void> {
    this.#roster.settle(Number.POSITIVE_INFINITY)
    this.#timeline.close()
    this.#shares.close(this.#life.parts.clock.now())
  }

  #direct(): void {
    const view = this.#director.next(this.#timeline.speaking, this.#life.parts.clock.now())
    if (view !== undefined) this.#show(view)
  }
}
