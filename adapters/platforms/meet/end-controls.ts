import { type Clue, defineControls } from '../../../src/platform/controls.ts'
import { QUOTED } from './call-controls.ts'

const seen = 'terminal heading, 2026-08'
/** A word nobody has seen in the client yet: the language's plain one. */
const guess = 'guess, 2026-11'

/** A terminal screen that says this: a heading, or the screen's own frame. Only those count, a chat line may quote them all. */
function says(words: RegExp, lang?: string, context: Pick<Clue, 'near' | 'unless'> = {}): readonly [Clue, ...Clue[]] {
  const more = { note: lang === undefined ? guess : seen, outside: QUOTED, ...context }
  return [
    { role: 'heading', name: words, ...(lang === undefined ? {} : { lang }), ...more },
    { css: '[data-call-ended] :is(h1,h2,div,span)', says: words, ...more },
    { css: '[jsname="r4nke"]', says: words, ...more },
    { css: '.roSPhc', says: words, ...more },
  ]
}
/** A promotion of accounts, which a guest may go without. */
const PROMOTION = { unless: /without an account|not now|dismiss|got it|ohne konto|nicht jetzt/i }

/** Screens on which a knock or a call ends, and what leads away from them. */
export const endControls = defineControls({
  denied: {
    clues: [
      ...says(/denied your request|weren.t allowed to join|request to join (was|has been) denied/i, 'en'),
      ...says(/anfrage .{0,30}abgelehnt|elutasított.{0,30}(kér|csatlakoz)|(kér|csatlakoz).{0,40}elutasított|リクエスト.{0,12}拒否/i),
    ],
  },
  noAnswer: {
    clues: [...says(/no one responded to your request/i, 'en'), ...says(/niemand hat auf ihre teilnahmeanfrage geantwortet/i, 'de')],
  },
  cantJoin: { clues: says(/you can.?t join this (video )?call/i, 'en') },
  problem: {
    clues: [
      ...says(/problem connecting to this video call|problem joining/i, 'en'),
      ...says(/problem .{0,40}(verbind|teilnahme)|probléma .{0,40}(kapcsol|csatlakoz)|接続.{0,12}問題/i),
    ],
  },
  badCode: { clues: says(/check your meeting code|invalid video call name|meeting code (has expired|you entered)/i, 'en') },
  startupCode: { clues: [{ css: '[data-startup-code]:not([data-startup-code=""])' }], attached: true },
  signIn: {
    clues: [
      ...says(/choose an account|your sign-in credentials/i, 'en', PROMOTION),
      ...says(/^sign in$/i, 'en', { near: /your google account|to continue to google meet/i, ...PROMOTION }),
    ],
  },
  captcha: {
    clues: [{ css: 'iframe[src*="/recaptcha/"]' }, { css: 'iframe[title*="recaptcha" i]' }],
    note: 'only one of at least 120×40 px is a challenge',
  },
  askAgain: { clues: [{ role: 'button', name: /^ask to join again$/i, lang: 'en' }] },
  returnHome: {
    clues: [
      { role: 'button', name: /^return to home screen$/i, lang: 'en', note: 'in lobby, 404, end and reconnect: no verdict' },
      { css: 'button[jsname="dqt8Pb"]' },
    ],
  },
  /** The site's own start page: no meeting is there. */
  homePage: {
    clues: [
      { role: 'textbox', name: /enter a code or link/i, lang: 'en', note: '2026-08' },
      { css: 'input[placeholder*="Enter a code" i]', lang: 'en' },
      { css: 'label', says: /^enter a code or link/i, lang: 'en' },
    ],
  },
  removed: {
    clues: [
      ...says(/you(.ve| have) been removed from the (meeting|call)|you were removed from the (meeting|call)/i, 'en'),
      ...says(/aus (der|dem|diesem) [\p{L} ]{3,30} entfernt|eltávolított|削除されました/iu),
    ],
  },
  hostEnded: {
    clues: [
      ...says(/your host ended the meeting/i, 'en'),
      ...says(/für alle (teilnehmer )?beendet|befejezte .{0,30}(mindenki|értekezlet)|主催者が.{0,20}終了/i),
    ],
  },
  /** An end that names nobody: the host's, or that of a connection. */
  callEnded: { clues: says(/the (video )?call (has )?ended|(the|this) meeting has ended/i, 'en') },
  youLeft: { clues: says(/you(.ve)? left the (meeting|call)/i, 'en') },
  /** The frame of every terminal screen, in any language: no call goes on under it. */
  endScreen: {
    clues: [
      { css: '[data-call-ended="true"]' },
      { css: 'h1[jsname="r4nke"]', outside: QUOTED },
      { css: 'h1.roSPhc', outside: QUOTED },
      { css: 'button[jsname="oI7Fj"]' },
    ],
  },
  /** Its heading: a client that crashed has none. */
  endHeading: {
    clues: [
      { css: 'h1[jsname="r4nke"]', outside: QUOTED },
      { css: '.roSPhc', outside: QUOTED },
    ],
  },
  cutOffScreen: { clues: [{ css: '[data-is-connection-lost="true"]' }] },
  reconnecting: {
    clues: [
      {
        text: /you(.ve)? lost your network connection\.?\s*trying to reconnect/i,
        lang: 'en',
        note: '2026-08',
        outside:
          'aside,[role=log],[role=list],[role=listitem],[data-message-id],[role=region][tabindex="0"],textarea,[contenteditable="true"]',
      },
    ],
  },
})
