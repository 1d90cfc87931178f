import { TRAPS } from './traps.ts'
import { LOCALES } from './words.ts'

/** Dialogs `POST /rooms/:id/popup` opens in the call. */
// biome-ignore format: a table
export const POPUPS = {
  'recording-consent':     { line: '"This video call is being recorded"', sheet: '6.21' },
  'transcription-consent': { line: '"This video call is being transcribed"', sheet: '6.21' },
  'gemini-consent':        { line: '"Gemini is taking notes" as a question', sheet: '6.21' },
  'take-notes-prompt':     { line: '"Take notes for me": a human’s decision', sheet: '6.21' },
  'gemini-pill':           { line: '"Gemini is taking notes" as a pill', sheet: '6.21' },
  'got-it':                { line: '"Others may see your video differently"', sheet: '2.13' },
  talking:                 { line: '"Are you talking? Your mic is off."', sheet: '6.20' },
  'raised-hand':           { line: 'Toast "… has raised a hand" with "Open queue" and "Close"', sheet: '6.20' },
  alert:                   { line: 'A role=alert that quotes an end', sheet: '7.5' },
} satisfies Record<string, { line: string; sheet: string | null }>

export type Popup = keyof typeof POPUPS

export const POPUP_KINDS = Object.keys(POPUPS) as [Popup, ...Popup[]]

// biome-ignore format: a table
const SKINS = {
  'host-managed': { line: 'Lobby that shows the call interface; its text comes 3.2 to 6.4 s late', sheet: '3.2, 3.3' },
  simple:         { line: 'Plain knock screen with a self preview and the text at once', sheet: '3.2' },
}

/** Fields of `POST /rooms`; those of the control API's own table are marked as given, the others are knobs of this lab. */
// biome-ignore format: a table
const FIELDS = {
  platform:        { line: '"meet"', given: true },
  locale:          { line: 'Language of the page, where the visitor asks for none with `hl`', given: true },
  lobby:           { line: 'Whether one must knock; {admitAfterMs} = somebody lets everybody in by themselves', given: true },
  skin:            { line: 'One of `skins`', given: true },
  people:          { line: 'Who is in the call', given: true },
  traps:           { line: 'Any of `traps`', given: true },
  speech:          { line: 'Who talks when: "turns", "overlap", "none", or a list of turns', given: true },
  classes:         { line: '"sheet" = only the classes of the fact sheet, "random" = none of them; absent = both', given: true },
  passcode:        { line: 'Refused: meet has none', given: true },
  hostStarted:     { line: 'False = nobody can be let in before `host-start`', given: true },
  noAnswerAfterMs: { line: 'When a knock that nobody answers times out; absent = after 600 to 650 s', given: false },
  rosterLagMs:     { line: 'How late the HTTP roster tells that somebody left; absent = 60000', given: false },
  seed:            { line: 'What a room draws by chance is drawn again with the same number; absent = another one a room', given: false },
}

const rows = (table: Record<string, { line: string; sheet: string | null }>, key: string) =>
  Object.entries(table).map(([name, { line, sheet }]) => ({ [key]: name, line, sourced: sheet !== null, ...(sheet && { sheet }) }))

/** What `GET /catalogue` says of this platform; `sourced: false` = the fact sheet is silent and the lab invents. */
export const MEET_CATALOGUE = {
  skins: rows(SKINS, 'name'),
  traps: rows(TRAPS, 'name'),
  popups: rows(POPUPS, 'kind'),
  fields: Object.entries(FIELDS).map(([name, { line, given }]) => ({ name, line, sourced: given })),
  locales: Object.entries(LOCALES).map(([name, { sourced }]) => ({
    name,
    line: `${sourced.length} texts of the fact sheet; the others are ours`,
    sourced: true,
    texts: sourced,
  })),
  /** What the lab adds everywhere, traps or not. */
  inventions: [
    'where the decoys stand beside the join button',
    'what the menus and dialogs hold besides the labels of the sheet',
    'the startup code and the words of screens for other failed starts',
    'the loudness at which a meter takes its next step, and the tiles of each layout',
    'that the HTTP roster is the body of the collections channel in base64, asked for when somebody comes, changes or leaves, and again when it tells of those who left',
    'that every message of the collections channel holds the whole roster, where no trap asks for changes: the sheet gives its fields, not how much of it each message holds',
    'that other visitors are muted and have no camera, whatever they send: the lab forwards it to nobody',
    'that a room without a lobby has its wait all the same until the host has come',
    'that a knock at a room that was closed since the page was loaded is answered by the screen of an unknown code',
    'how long the screen of a refusal to join stays before the marketing site',
    'the words of dialogs that the sheet names without quoting',
    'words of other languages that are not listed under locales',
    'that in three rooms of ten each, by seed, entries of menus have no role, and radios of the layout dialog are transparent over their labels',
    'what the answer to CreateMeetingDevice holds besides field 36, and that it comes before a judged device is refused',
    'the words of the console’s warning to extensions',
    'that the hint “No one else is here” stands in the call for as long as the visitor is alone in it, and where',
  ].map((line) => ({ line, sourced: false })),
}
