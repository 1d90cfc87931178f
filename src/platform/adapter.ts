import type { Evidence } from '../core/events.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { Clue, ControlMap } from './controls.ts'
import type { Observation } from './observation.ts'
import type { PageFact, Stage } from './stage.ts'

/** A meeting as its platform names it. */
export interface MeetingRef {
  /** Id of the adapter: 'meet'. */
  platform: string
  /** Identity of the meeting within the platform, normalised: two URLs of one meeting have one id. */
  id: string
  /** Where the bot goes. */
  joinUrl: string
}

export interface JoinOptions {
  ref: MeetingRef
  botName: string
  passcode?: string
  /** Language asked of the page: 'en'. */
  locale: string
  /** How long to knock in all, over every re-knock; null = for ever. */
  waitingRoomTimeoutMs: number | null
  signal: AbortSignal
  /** The bot waits to be let in. May be said again after a re-knock; the listener counts once. */
  onLobby(evidence: Evidence): void
  /** First positive sign of admission: capture is armed now, held back. */
  onSign(evidence: Evidence): void
  /** The sign was contradicted (lobby text after all): what was held is thrown away. */
  onContradiction(evidence: Evidence): void
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
}

/** What can be asked of a call's own page; false = the page has no such thing now. */
export interface Actions {
  /** The site's own layout switch, which is what decides the pictures it sends. */
  layout(view: 'speaker' | 'gallery', signal: AbortSignal): Promise<boolean>
  /** The site's own "audio only": no incoming video. */
  audioOnly(signal: AbortSignal): Promise<boolean>
}

/** Traffic of the site's own client that tells something, matched by name and decoded by a pure function. */
export interface Wire {
  kind: 'datachannel' | 'websocket' | 'response'
  /** Data channel label, or a part of the URL. */
  match: string
  /** Never throws: what it cannot read is no observation. */
  decode(bytes: Uint8Array, atMs: number): readonly Observation[]
  /** In place of `decode`, one for each page: for messages that mean something only after those before them. */
  reader?(): (bytes: Uint8Array, atMs: number) => readonly Observation[]
}

/** What ought to show before a knock. */
export interface Entrance {
  /** Of each row one control must be found, or no bot gets in. */
  readonly essential: readonly (readonly string[])[]
  /** What else belongs to that screen; a plain page may lack it. */
  readonly others: readonly string[]
}

export interface PlatformAdapter<M extends ControlMap = ControlMap> {
  readonly id: string
  readonly controls: M
  /** The meeting of this URL, or undefined if it is not this platform's (or not joinable). */
  parse(url: URL): MeetingRef | undefined
  /** Resolves with the evidence of admission; throws a BotError of outcomes.md otherwise. */
  join(stage: Stage<keyof M & string>, options: JoinOptions): Promise<Evidence>
  /** Its meetings may have a passcode, and `join` types it. Absent: a passcode is refused, not ignored. */
  readonly passcodes?: true
  readonly entrance?: Entrance
  /** Up to that door, ready to knock: dialogs answered, name typed, the door not touched. Throws what `join` throws before a knock. */
  approach?(stage: Stage<keyof M & string>, options: Pick<JoinOptions, 'ref' | 'botName' | 'locale' | 'signal'>): Promise<void>
  /** Once in the call: microphone and camera off, where the client switched them on at the door. Beside `observe`, which may end it. */
  devicesOff?(stage: Stage<keyof M & string>, options: Pick<JoinOptions, 'signal' | 'onWarning'>): Promise<void>
  readonly wires?: readonly Wire[]
  /** Bundled in-page code that knows the platform; runs before the site's own code in every page load. */
  readonly page?: string
  /** A reader of what that code pushes, one for each page. Never throws: what it cannot read is no observation. */
  facts?(bot: { botName: string }): (fact: PageFact) => readonly Observation[]
  /** From admission to the end. Ends after an `end` or `outside` observation or when aborted. */
  observe(stage: Stage<keyof M & string>, options: { signal: AbortSignal; locale: string }): AsyncIterable<Observation>
  act(stage: Stage<keyof M & string>): Actions
  /** Leaves by the site's own button. Bounded; a page that has gone is already left. */
  leave(stage: Stage<keyof M & string>, signal: AbortSignal): Promise<void>
}

/** Infers the control keys. */
export function definePlatform<const M extends ControlMap>(adapter: PlatformAdapter<M>): PlatformAdapter<M> {
  return adapter
}

/** The same adapter with some clues replaced: the way out when a site changes before we do. */
export function withControls<M extends ControlMap>(
  adapter: PlatformAdapter<M>,
  overrides: { readonly [K in keyof M]?: { clues: readonly [Clue, ...Clue[]] } },
): PlatformAdapter<M> {
  const controls: Record<string, ControlMap[string]> = { ...adapter.controls }
  for (const [key, override] of Object.entries(overrides)) {
    const known = controls[key]
    if (known !== undefined && override !== undefined) controls[key] = { ...known, clues: override.clues }
  }
  return { ...adapter, controls: controls as M }
}
