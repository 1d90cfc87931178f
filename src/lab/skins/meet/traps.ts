interface Row {
  line: string
  /** Section of the fact sheet; null = the sheet is silent and the lab invents. */
  sheet: string | null
}

/** What can be switched on in a room. The page reads the names, `GET /catalogue` tells the lines, a misspelt one is refused. */
// biome-ignore format: a table
export const TRAPS = {
  // loading
  'slow-render':             { line: '"Getting ready…" for 8 s (otherwise 1.5 to 8 s by the room’s seed)', sheet: '2.1' },
  'blank-render':            { line: 'Nothing at all before the screen, not even "Getting ready…"', sheet: '10' },
  // pre-join
  'signed-in':               { line: 'The pre-join screen of an account: no name input, own name in .awLEm, join button enabled at once', sheet: '2.3, 2.15' },
  'cta-ask-anyway':          { line: 'The join button reads "Ask to join anyway"', sheet: '2.5' },
  'cta-join-now':            { line: 'The join button reads "Join now", whether or not the room has a lobby', sheet: '2.5' },
  'cta-join-anyway':         { line: 'The join button reads "Join anyway"', sheet: '2.5' },
  'cta-join-call-now':       { line: 'The join button reads "Join the call now"', sheet: '2.5' },
  'cta-join':                { line: 'The join button reads "Join"', sheet: '2.5' },
  'cta-join-meeting':        { line: 'The join button reads "Join meeting"', sheet: '2.5' },
  'cta-enter-meeting':       { line: 'The join button reads "Enter meeting"', sheet: '2.5' },
  'cta-without-camera':      { line: 'The join button reads "Ask to join without camera"', sheet: '2.5' },
  'cta-switch-here':         { line: 'The join button reads "Switch here": the same account is in the call elsewhere', sheet: '2.5' },
  'cta-join-here-too':       { line: 'The join button reads "Join here too": the same account is in the call elsewhere', sheet: '2.5' },
  'shortcut-labels':         { line: 'Microphone and camera labels carry "(ctrl + d)", "(CTRL + E)" (otherwise by seed)', sheet: '2.9' },
  'device-toast':            { line: 'Persistent "Microphone not found" dialog over the join button, ignoring Escape', sheet: '2.11' },
  'camera-toast':            { line: 'Persistent "Camera not found" dialog over the join button, ignoring Escape', sheet: '2.11' },
  'device-problem':          { line: '"Microphone problem", and a camera control that reads "Camera problem. Show more info"', sheet: '2.11' },
  'media-choice':            { line: '"Do you want people to hear you in the meeting?" over the screen', sheet: '2.12' },
  'popup-got-it':            { line: '"Others may see your video differently" with "Got it"', sheet: '2.13' },
  'popup-dismiss':           { line: 'A promotion with "Dismiss" as a div role=button', sheet: '2.13' },
  'popup-without-account':   { line: 'A sign-in promotion with "Use without an account"', sheet: '2.13' },
  'popup-not-now':           { line: 'A question with "Not now"', sheet: '2.13' },
  'captcha-visible':         { line: 'A visible captcha frame over the pre-join screen; nobody is let through', sheet: '4.8' },
  'captcha-small':           { line: 'A visible captcha badge under 120 by 40 px: no challenge', sheet: '4.8' },
  // lobby
  'late-lobby-6s':           { line: 'Host-managed lobby whose text comes after 6 s (otherwise 3.2 to 6.4 s by seed)', sheet: '3.3' },
  'stale-lobby-text':        { line: 'Lobby text stays 1 to 2 s after admission or refusal', sheet: '3.7' },
  'host-absent':             { line: '"Waiting for the host to join" until the host starts the call', sheet: '3.1' },
  'no-indicator-lobby':      { line: 'Neither lobby nor call is shown while one waits', sheet: '3.9' },
  'lobby-exposes-more':      { line: 'A host-managed lobby with captions, chat and people buttons; its text comes within a second', sheet: '3.5' },
  'lobby-text-in-label':     { line: 'The lobby text is an aria-label only', sheet: '3.1' },
  'lobby-host-brings':       { line: '"Please wait until a meeting host brings you into the call"', sheet: '3.1' },
  'lobby-host-admits':       { line: '"Please wait until a meeting host admits you to the call"', sheet: '3.1' },
  'lobby-host-let-in':       { line: '"Waiting for the host to let you in"', sheet: '3.1' },
  'lobby-asking-to-join':    { line: '"Asking to join"', sheet: '3.1' },
  'lobby-waiting-let-in':    { line: '"waiting to be let in"', sheet: '3.1' },
  'no-answer-8s':            { line: 'The knock times out after 8 s (otherwise 600 to 650 s)', sheet: '3.6' },
  // refusals and failures
  'denied-left-screen':      { line: 'A refusal shows "You left the meeting"', sheet: '4.1' },
  'denied-not-allowed':      { line: 'A refusal shows "You weren’t allowed to join"', sheet: '4.1' },
  'denied-redirect':         { line: 'A refusal leads to workspace.google.com after 1 to 2 s', sheet: '1.6' },
  'cant-join':               { line: '"You can’t join this video call" after the knock, then the marketing site', sheet: '4.3' },
  'cant-join-straight':      { line: 'The same with a straight apostrophe', sheet: '4.3' },
  'cant-join-call':          { line: '"You can’t join this call" after the knock', sheet: '4.3' },
  'cant-join-at-load':       { line: '"You can’t join this video call" before any knock', sheet: '4.3' },
  'problem-connecting-once': { line: '"There is a problem connecting to this video call" on the first load; the next works', sheet: '4.4' },
  'problem-connecting-twice':{ line: 'The same on the first two loads', sheet: '4.4' },
  'problem-connecting':      { line: 'The same on every load', sheet: '4.4' },
  'problem-joining-once':    { line: '"we encountered a problem joining" after the first knock; the next load works', sheet: '4.4' },
  'crash-at-knock':          { line: 'The page turns black 0.5 s after the knock, then "Return to home screen"', sheet: '4.9' },
  'crash-at-knock-once':     { line: 'The same on the first load only', sheet: '4.9' },
  'not-found':               { line: 'The 404 screen with startup code 217 and its timer of 60 s', sheet: '4.6' },
  'startup-code-other':      { line: 'A failed start with another, unmapped startup code', sheet: '4.7' },
  'invalid-call-name':       { line: '"Invalid video call name"', sheet: '4.6' },
  'code-expired':            { line: '"Your meeting code has expired"', sheet: '4.6' },
  'code-doesnt-work':        { line: '"The meeting code you entered doesn’t work"', sheet: '4.6' },
  'sign-in':                 { line: 'Redirect to the sign-in host', sheet: '1.6, 4.5' },
  'sign-in-choose':          { line: 'Redirect to the sign-in host, which asks to choose an account', sheet: '4.5' },
  'sign-in-changed':         { line: 'Redirect to the sign-in host, which says that credentials might have changed', sheet: '4.5' },
  'sign-in-after-knock':     { line: 'The knock leads to the sign-in host', sheet: '1.6' },
  'workspace-at-load':       { line: 'Redirect to the marketing site instead of the meeting', sheet: '1.6' },
  'workspace-after-knock':   { line: 'The knock leads to the marketing site after 1 to 2 s', sheet: '1.6' },
  // in the call
  'people-nav':              { line: 'People button in the nav, data-panel-id 1 (otherwise one of the three by seed)', sheet: '6.2' },
  'people-badge':            { line: 'People button as a badge: div role=button aria-haspopup=dialog with "People" in a span', sheet: '6.2' },
  'people-jsname':           { line: 'People button of Oct 2026: div role=button jsname=ocqpFe, text and count, no aria-label', sheet: '6.2' },
  'waiting-list':            { line: 'The people panel has a list of people waiting to be admitted, who must not count', sheet: '6.4' },
  'merged-audio':            { line: 'The people panel has a "Merged audio" row with data-cohort-id', sheet: '6.5' },
  'chat-old-rows':           { line: 'Chat rows of 2024 and 2025', sheet: '6.16' },
  'chat-old-labels':         { line: '"In-call messages" and "Send a message to everyone"', sheet: '6.15' },
  'chat-disabled':           { line: 'The host has switched messages off', sheet: '6.16' },
  'chat-quotes-end':         { line: 'A chat message quotes "You’ve been removed from the meeting"; a toast repeats it', sheet: '7.5' },
  'captions-old':            { line: 'Caption rows of 2024 and 2025', sheet: '6.18' },
  'captions-oldest':         { line: 'Caption rows before 2024', sheet: '6.18' },
  'captions-gap':            { line: 'Caption rows vanish for a second now and then', sheet: '6.19' },
  'recording-consent':       { line: 'Recording consent after admission; media only once it is accepted', sheet: '6.21' },
  'transcription-consent':   { line: 'Transcription consent after admission; media only once it is accepted', sheet: '6.21' },
  'gemini-consent':          { line: '"Gemini is taking notes" consent after admission; media only once it is accepted', sheet: '6.21' },
  'take-notes-prompt':       { line: '"Take notes for me" prompt, a human’s decision: pressing its button is a trap event', sheet: '6.21' },
  'gemini-pill':             { line: 'The pill "Gemini is taking notes" in the call: no prompt', sheet: '6.21' },
  'alert-toasts':            { line: 'Toasts and alerts, none of them an end', sheet: '6.20, 7.5' },
  'meters-renamed':          { line: 'The classes a speaking meter cycles through have other names on every load', sheet: '6.9' },
  // media
  'neteq':                   { line: 'The newer arm: one audio path for all (of voices at once the newest is heard; the lab does not mix), a dcrpc channel that says who speaks, no audio elements', sheet: '8.7, 2.14' },
  'no-csrc':                 { line: 'Packets name no source: lists of contributing sources stay empty', sheet: '8.3' },
  'no-collections':          { line: 'No `collections` channel', sheet: null },
  'collections-deflate':     { line: 'The `collections` channel packs with deflate (otherwise gzip)', sheet: '8.5' },
  'slot-refresh':            { line: 'A silent audio slot sends silence every 400 ms that still names who spoke last (otherwise nothing)', sheet: null },
  'stream-id-text':          { line: 'Stream ids on the `collections` channel are texts, not numbers', sheet: null },
  // ends
  'removed-redirect':        { line: 'Removal leads to workspace.google.com, without a screen', sheet: '7.2' },
  'removed-old-text':        { line: '"You were removed from the meeting"', sheet: '7.1' },
  'ended-call-ended':        { line: '"The call ended" when the host ends it', sheet: '7.1' },
  'reconnect-5s':            { line: 'Network overlay for 5 s, 3 s after admission; then the call goes on', sheet: '7.3' },
  'reconnect-30s':           { line: 'Network overlay for 30 s, 3 s after admission; then the connection is lost', sheet: '7.3' },
  // whole page
  'no-jsnames':              { line: 'No jsname anywhere: they are build artefacts', sheet: null },
} satisfies Record<string, Row>

export type Trap = keyof typeof TRAPS

export const TRAP_NAMES = Object.keys(TRAPS) as [Trap, ...Trap[]]
