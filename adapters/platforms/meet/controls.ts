import { defineControls } from '../../../src/platform/controls.ts'

const guest = 'guest, 2026-08'
const ended = 'terminal heading, 2026-08'

/** Every control of the Meet client this adapter uses. Order of trust: data-*, role and label, icon ligature, text, jsname. */
export const controls = defineControls({
  // Pre-join
  nameBox: {
    clues: [
      { css: 'input[type="text"][aria-label="Your name"]', lang: 'en', note: guest },
      { css: 'input[type="text"][jsname="YPqjbf"]', note: guest },
      { css: 'input[type="text"][aria-label="A neved"]', lang: 'hu' },
      { css: 'input[type="text"][aria-label="名前"]', lang: 'ja' },
      { css: 'input[type="text"][placeholder*="name" i]' },
    ],
  },
  askToJoin: {
    clues: [
      { role: 'button', name: /^ask to join( anyway| without camera)?$/i, lang: 'en', note: guest },
      { role: 'button', name: /^teilnahme erbitten$/i, lang: 'de' },
      { role: 'button', name: /^参加をリクエスト$/, lang: 'ja' },
      { role: 'button', name: /^kérvényezés a csatlakozásra$/i, lang: 'hu' },
      { css: 'button[jsname="Qx7uuf"]:has(span[jsname="V67aGc"]:text-matches("^(ask to join|teilnahme erbitten)", "i"))' },
    ],
  },
  joinNow: {
    clues: [
      { role: 'button', name: /^(join now|join anyway|join the call now|join|join meeting|enter meeting)$/i, lang: 'en' },
      { role: 'button', name: /^(jetzt|trotzdem) teilnehmen$/i, lang: 'de' },
      { role: 'button', name: /^participar agora$/i, lang: 'pt' },
      { role: 'button', name: /^今すぐ参加$/, lang: 'ja' },
      { role: 'button', name: /^(присоединиться|unirse|participer)$/i },
    ],
  },
  joinHereToo: { clues: [{ role: 'button', name: /^(join here too|switch here)$/i, lang: 'en', note: 'same account elsewhere, 2026-07' }] },
  micOn: {
    clues: [
      { css: ':is(button,[role=button])[aria-label^="Turn off microphone" i]', lang: 'en' },
      { css: ':is(button,[role=button])[data-is-muted="false"][jsname="hw0c9"]' },
      { css: '[jsname="Dg9Wp"] :is(button,[role=button])[data-is-muted="false"]' },
    ],
  },
  cameraOn: {
    clues: [
      { css: ':is(button,[role=button])[aria-label^="Turn off camera" i]', lang: 'en' },
      { css: ':is(button,[role=button])[data-is-muted="false"][jsname="psRWwc"]' },
      { css: '[jsname="R3GXJb"] :is(button,[role=button])[data-is-muted="false"]' },
    ],
  },

  // Popups that stand in the way; pressed when seen
  toastClose: {
    clues: [{ css: '[role=dialog][data-is-persistent="true"] button[aria-label="Close"]', note: 'device failure, ignores Escape' }],
  },
  withoutMedia: {
    clues: [
      { role: 'button', name: /^continue without microphone and camera$/i, lang: 'en' },
      { role: 'button', name: /^ohne mikrofon und kamera fortfahren$/i, lang: 'de' },
    ],
  },
  gotIt: { clues: [{ role: 'button', name: /^(got it|ok, got it)$/i, lang: 'en' }] },
  dismiss: { clues: [{ role: 'button', name: /^(dismiss|not now|use without an account)$/i, lang: 'en' }] },
  consent: {
    clues: [
      {
        css: '[role=dialog]:not(:has-text("take notes for me")) button[data-mdc-dialog-action="ok"]',
        note: 'recording or transcript consent, 2026-08; whether notes are taken is a human decision',
      },
    ],
  },

  // Lobby
  lobby: {
    clues: [
      { text: /asking to (be let in|join)/i, lang: 'en', note: '2026-08' },
      { text: /you.ll join the call when someone lets you in/i, lang: 'en' },
      { text: /please wait until a meeting host/i, lang: 'en' },
      { text: /waiting for the host to (join|let you in)/i, lang: 'en' },
      { text: /waiting to be let in/i, lang: 'en' },
      { text: /bitte warten sie, bis sie vom organisator/i, lang: 'de' },
      { css: '[aria-label*="lets you in" i]', lang: 'en' },
    ],
  },

  // In the call: none of these is in a lobby. "Leave call", mic and camera are, and prove nothing.
  captions: {
    clues: [
      { css: 'button[aria-label="Turn on captions"],button[aria-label="Turn off captions"]', lang: 'en', note: '2026-08' },
      { css: 'button[jsname="RrG0hf"]' },
      { css: 'button:has(i:text-is("closed_caption_off"))' },
    ],
  },
  chat: { clues: [{ css: 'button[aria-label^="Chat with everyone"]', lang: 'en' }, { css: 'button[data-panel-id="2"]' }] },
  people: {
    clues: [
      { css: 'button[data-panel-id="1"]', note: 'old skin' },
      { css: 'button[aria-label="People"],button[aria-label="Show everyone"],button[aria-label^="People - "]', lang: 'en' },
      { css: 'button[aria-label^="Personen - "]', lang: 'de' },
      { css: '[role=button][jsname="ocqpFe"]', note: 'badge without a label, 2026-10' },
      { css: '[role=button][aria-haspopup="dialog"]:has(span:text-is("People"))', note: 'badge, 2025-12' },
    ],
  },
  share: { clues: [{ css: 'button[aria-label="Share screen"],button[aria-label="Present now"]', lang: 'en' }] },
  details: { clues: [{ css: 'button[aria-label="Meeting details"]', lang: 'en' }, { css: 'button[data-panel-id="5"]' }] },
  joinedText: {
    clues: [
      { text: /^you have joined the call/i, lang: 'en' },
      { text: /^du nimmst an diesem anruf teil/i, lang: 'de' },
    ],
  },
  leaveCall: {
    clues: [
      { css: 'button[aria-label="Leave call"]', lang: 'en', note: 'also in the lobby' },
      { css: 'button[aria-label="Anruf verlassen"]', lang: 'de' },
      { css: 'button[jsname="CQylAd"]' },
      { css: 'button:has(i:text-is("call_end"))' },
    ],
  },

  // The site's own view
  moreOptions: {
    clues: [{ css: 'button[aria-label="More options"]', lang: 'en', note: 'not the one of a tile' }, { css: 'button[jsname="NakZHc"]' }],
  },
  changeLayout: { clues: [{ role: 'menuitem', name: /^(change layout|adjust view)/i, lang: 'en' }, { css: 'li[jsname="WZerud"]' }] },
  layoutSidebar: { clues: [{ role: 'radio', name: /^sidebar/i, lang: 'en', note: '2026-08' }] },
  layoutTiled: { clues: [{ role: 'radio', name: /^tiled/i, lang: 'en', note: '2026-08' }] },
  settings: {
    clues: [
      { role: 'menuitem', name: /^settings$/i, lang: 'en' },
      { css: 'li:has-text("Settings")', lang: 'en' },
    ],
  },
  audioOnly: { clues: [{ css: 'li[aria-label="Audio only"]', lang: 'en', note: '2026-08' }] },
  closeDialog: {
    clues: [
      {
        css: '[aria-modal=true] :is(button[aria-label="Close"],button[aria-label="Close dialog"],button[aria-label="Close dialogue"])',
        lang: 'en',
      },
    ],
  },

  // Ends. Only headings count: a chat line may quote any of these texts.
  denied: {
    clues: [
      { role: 'heading', name: /denied your request|weren.t allowed to join/i, lang: 'en', note: ended },
      { css: '[jsname="r4nke"]:text-matches("denied your request|weren.t allowed to join", "i")' },
    ],
  },
  noAnswer: {
    clues: [
      { role: 'heading', name: /no one responded to your request/i, lang: 'en', note: 'after about 600 s' },
      { role: 'heading', name: /niemand hat auf ihre teilnahmeanfrage geantwortet/i, lang: 'de' },
    ],
  },
  cantJoin: { clues: [{ role: 'heading', name: /you can.t join this (video )?call/i, lang: 'en', note: ended }] },
  problem: { clues: [{ role: 'heading', name: /problem connecting to this video call|problem joining/i, lang: 'en', note: ended }] },
  badCode: {
    clues: [
      { role: 'heading', name: /check your meeting code|invalid video call name|meeting code (has expired|you entered)/i, lang: 'en' },
    ],
  },
  startupCode: { clues: [{ css: '[data-startup-code]:not([data-startup-code=""])' }], attached: true },
  signIn: { clues: [{ role: 'heading', name: /^sign in$|choose an account|your sign-in credentials/i, lang: 'en' }] },
  captcha: { clues: [{ css: 'iframe[src*="/recaptcha/"]' }], note: 'only one of at least 120×40 px is a challenge' },
  askAgain: { clues: [{ role: 'button', name: /^ask to join again$/i, lang: 'en' }] },
  returnHome: {
    clues: [{ role: 'button', name: /^return to home screen$/i, lang: 'en', note: 'in lobby, 404, end and reconnect: no verdict' }],
  },
  removed: {
    clues: [
      { role: 'heading', name: /you.ve been removed from the meeting|you were removed from the meeting/i, lang: 'en', note: ended },
      { css: '[jsname="r4nke"]:text-matches("been removed|were removed", "i")' },
    ],
  },
  hostEnded: {
    clues: [
      { role: 'heading', name: /your host ended the meeting|the call ended|meeting has ended/i, lang: 'en', note: ended },
      { css: '[jsname="r4nke"]:text-matches("ended the meeting|call ended", "i")' },
    ],
  },
  youLeft: { clues: [{ role: 'heading', name: /you left the meeting/i, lang: 'en', note: ended }] },
  reconnecting: { clues: [{ text: /you lost your network connection\. trying to reconnect/i, lang: 'en', note: '2026-08' }] },
})

export type MeetKey = keyof typeof controls & string
/** Signs of a call; several are needed. */
export const SIGNS = ['captions', 'chat', 'people', 'share', 'details', 'joinedText'] as const satisfies readonly MeetKey[]
/** Dialogs answered by pressing the control itself. The "take notes for me" prompt is a human's decision and not here. */
export const POPUPS = ['toastClose', 'withoutMedia', 'gotIt', 'dismiss', 'consent'] as const satisfies readonly MeetKey[]
