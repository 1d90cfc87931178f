/** Words between a look-alike page and the lab's server, JSON over one WebSocket. */

/** What a visitor can be, in the control API's words. */
export const VISITOR_STATES = [
  'loading',
  'prejoin',
  'knocking',
  'entering',
  'in_call',
  'reconnecting',
  'removed',
  'ended',
  'denied',
  'no_answer',
  'blocked',
  'not_found',
  'sign_in',
  'left',
  'gone',
] as const
export type VisitorState = (typeof VISITOR_STATES)[number]

/** One row of the roster: a person, another visitor, or a screen somebody shares (a device of its own with a parent). */
export interface PersonView {
  id: string
  name: string
  host: boolean
  self: boolean
  camera: boolean
  muted: boolean
  /** Of a shared screen: the device of who shares it. */
  parent?: string
}

/** Which line carries whose picture now; lines are reassigned by layout. */
export interface SlotView {
  /** A participant's or a shared screen's id. */
  id: string
  mid: string
  ssrc: number
}

/** A tile the page's layout shows, in CSS pixels. */
export interface TileView {
  id: string
  width: number
  height: number
}

/** A chat message as everybody sees it. */
export interface ChatView {
  /** 16 digits, microseconds. */
  id: string
  from: string
  fromId: string
  text: string
  self: boolean
}

/** One state of one caption: the same id grows and is corrected in place. */
export interface CaptionView {
  id: number
  personId: string
  name: string
  text: string
  version: number
  final: boolean
}

export type FromPage =
  | { type: 'state'; state: VisitorState }
  | { type: 'click'; control: string; trusted: boolean }
  | { type: 'typed'; control: string; text: string }
  | { type: 'trap'; trap: string }
  | { type: 'popup'; kind: string }
  | { type: 'knock'; name: string; trusted: boolean }
  | { type: 'answer'; sdp: string }
  | { type: 'devices'; micOn: boolean; cameraOn: boolean }
  /** The connection before the one that now flows is closed. */
  | { type: 'taken-over' }
  | { type: 'layout'; tiles: readonly TileView[]; audioOnly: boolean }
  | { type: 'captions'; on: boolean }
  /** A consent of admission is open: nothing is heard or seen until it was given. */
  | { type: 'consent'; pending: boolean }
  | { type: 'chat'; text: string }
  | { type: 'leave' }

export type FromServer =
  | { type: 'admit' }
  | { type: 'deny' }
  | { type: 'no_answer' }
  | { type: 'remove' }
  | { type: 'end' }
  | { type: 'move_to_lobby' }
  /** The host has come: "waiting for the host" becomes "waiting to be let in". */
  | { type: 'host_started' }
  /** The host switches this visitor's microphone off. */
  | { type: 'mute' }
  /** `again`: of another connection, while the one before still stands. */
  | { type: 'offer'; sdp: string; again?: true }
  | { type: 'people'; people: PersonView[] }
  | { type: 'slots'; slots: SlotView[] }
  /** 0 (idle) to 3 for each participant that is heard. */
  | { type: 'levels'; levels: Record<string, number>; dominant: string | null }
  /** The same of the visitor's own microphone. */
  | { type: 'own-level'; step: number }
  | { type: 'chat'; message: ChatView }
  | { type: 'caption'; caption: CaptionView }
  | { type: 'network'; offlineMs: number }
  | { type: 'popup'; kind: string }

/** What the page is told in its own HTML. */
export interface PageConfig {
  room: string
  locale: string
  lobby: boolean
  /** False = the host has not come yet; a `host_started` follows. */
  hostStarted: boolean
  skin: string
  traps: readonly string[]
  classes: 'random' | 'sheet' | 'mixed'
  seed: number
  /** How late the HTTP roster tells that somebody left. */
  rosterLagMs: number
  /** How often the room's page was opened before. */
  loads: number
}
