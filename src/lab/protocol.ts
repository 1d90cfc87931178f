/** Words between a look-alike page and the lab's server, JSON over one WebSocket. */

/** What a visitor is, in the control API's words. */
export type VisitorState =
  | 'loading'
  | 'prejoin'
  | 'knocking'
  | 'entering'
  | 'in_call'
  | 'reconnecting'
  | 'removed'
  | 'ended'
  | 'denied'
  | 'no_answer'
  | 'blocked'
  | 'not_found'
  | 'sign_in'
  | 'left'
  | 'gone'

export interface PersonView {
  id: string
  name: string
  host: boolean
  self: boolean
  camera: boolean
  /** mid of the video line that carries this person's picture. */
  mid: string | null
}

export type FromPage =
  | { type: 'state'; state: VisitorState }
  | { type: 'click'; control: string; trusted: boolean }
  | { type: 'typed'; control: string; text: string }
  | { type: 'knock'; name: string; trusted: boolean }
  | { type: 'answer'; sdp: string }
  | { type: 'devices'; micOn: boolean; cameraOn: boolean }
  | { type: 'leave' }

export type FromServer =
  | { type: 'admit' }
  | { type: 'deny' }
  | { type: 'no_answer' }
  | { type: 'remove' }
  | { type: 'end' }
  | { type: 'move_to_lobby' }
  | { type: 'offer'; sdp: string }
  | { type: 'people'; people: PersonView[] }
  | { type: 'levels'; levels: Record<string, number>; dominant: string | null }
  | { type: 'network'; offlineMs: number }
  | { type: 'popup'; kind: string }

/** What the page is told in its own HTML. */
export interface PageConfig {
  room: string
  locale: string
  lobby: boolean
  skin: string
  traps: readonly string[]
  classes: 'random' | 'sheet' | 'mixed'
  seed: number
}
