import { defineControls } from '../../../src/platform/controls.ts'
import { EFFECTS } from './notes.ts'

/** Where any text of the site may be quoted: chat, captions, lists of people, alerts. */
export const QUOTED =
  'aside,[role=complementary],[role=log],[role=list],[role=listitem],[role=alert],[role=alertdialog],[data-message-id],[role=region][tabindex="0"],textarea,[contenteditable="true"]'
/** The same for texts that may stand in an alert themselves. */
export const CHAT =
  'aside,[role=complementary],[role=log],[role=list],[role=listitem],[data-message-id],[role=region][tabindex="0"],textarea,[contenteditable="true"]'
const guess = 'guess, 2026-11'

/** The lobby, in a text or in a label. */
const ASKING =
  /asking to (be let in|join)|you.ll join the call when someone lets you in|someone lets you in|please wait until a meeting host|waiting for the host to (join|let you in)|waiting to be let in/i
const ASKING_DE =
  /bitte warten sie, bis sie vom organisator|teilnahme wird angefragt|sobald (dich|sie) jemand .{0,20}(herein|ein|zu)l[aä]ss/i
/** Somebody else asks, and we may answer. "A host must admit you" is said of ourselves. */
const ANSWERS = /\b(admit|deny)\b(?!( or (admit|deny))? you)/i

/** Lobby and call. What both show ("Leave call", microphone, camera) proves nothing. */
export const callControls = defineControls({
  lobby: {
    clues: [
      { text: ASKING, lang: 'en', note: '2026-08', outside: CHAT, unless: ANSWERS },
      { label: ASKING, lang: 'en', outside: CHAT, unless: ANSWERS },
      { text: ASKING_DE, lang: 'de', note: 'its first words 2026-06, the others a guess', outside: CHAT },
      { label: ASKING_DE, lang: 'de', note: guess, outside: CHAT },
    ],
  },

  // Signs of a call. The first three are in no lobby that was seen.
  captions: {
    clues: [
      { role: 'button', name: /^turn (on|off) captions/i, lang: 'en' },
      { label: /^turn (on|off) captions/i, lang: 'en', note: '2026-08' },
      { label: /^untertitel (de)?aktivieren/i, lang: 'de', note: guess },
      { icon: 'closed_caption_off' },
      { icon: 'closed_caption' },
      { css: 'button:is([jsname="RrG0hf"],[jsname="r8qRAd"])' },
    ],
  },
  chat: {
    clues: [
      { css: ':is(button,[role=button])[data-panel-id="2"]' },
      { role: 'button', name: /^(chat with everyone|in-call messages)/i, lang: 'en' },
      { label: /^(chat with everyone|in-call messages)/i, lang: 'en' },
      { label: /^mit allen chatten/i, lang: 'de', note: guess },
      { icon: 'chat' },
    ],
  },
  people: {
    clues: [
      { css: ':is(button,[role=button])[data-panel-id="1"]', note: 'old skin' },
      { label: /^(people( \(|$)|show everyone|people - )/i, lang: 'en', note: 'a shortcut may stand behind it' },
      { label: /^personen( \(| - )/i, note: 'de' },
      { css: '[role=button][aria-haspopup="dialog"]:has([data-avatar-count])' },
      { role: 'button', name: /^(people|personen) ?\d*$/i, note: 'badge without a label, 2025-12' },
      { css: '[role=button][jsname="ocqpFe"],button[jsname="A5il2e"]', note: 'badge without a label, 2026-10' },
    ],
  },
  tile: {
    clues: [
      { css: '[data-participant-id]:is([data-tile-media-id],[data-requested-participant-id])', outside: EFFECTS },
      { css: '[role=listitem][data-participant-id],main [data-participant-id]', outside: EFFECTS },
    ],
  },
  joinedText: {
    clues: [
      { text: /^you have joined the call|^(there (is|are) )?\d* ?other (person|people) in the call/i, lang: 'en', outside: CHAT },
      { text: /^du nimmst an diesem anruf teil|teilnehmer sind beigetreten/i, lang: 'de', outside: CHAT },
    ],
  },
  share: {
    clues: [
      { role: 'button', name: /^(share screen|present now)/i, lang: 'en' },
      { label: /^(share screen|present now)/i, lang: 'en' },
      { label: /^bildschirm (teilen|freigeben)/i, lang: 'de', note: guess },
    ],
  },
  details: {
    clues: [
      { css: ':is(button,[role=button])[data-panel-id="5"]' },
      { label: /^meeting details/i, lang: 'en' },
      { role: 'button', name: /^meeting details/i, lang: 'en' },
    ],
  },
  tools: {
    clues: [
      { label: /^meeting tools/i, lang: 'en' },
      { role: 'button', name: /^meeting tools/i, lang: 'en' },
    ],
  },
  selfName: { clues: [{ css: '[data-self-name]:not([data-self-name=""])', note: 'missing where one is alone' }] },

  leaveCall: {
    clues: [
      { role: 'button', name: /^leave call/i, lang: 'en' },
      { label: /^leave call/i, lang: 'en', note: 'also in the lobby' },
      { label: /^anruf verlassen/i, note: 'de' },
      { icon: 'call_end' },
      { css: 'button[jsname="CQylAd"]' },
    ],
  },
})
