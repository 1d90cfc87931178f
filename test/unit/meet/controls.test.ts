import { describe, expect, it } from 'vitest'
import { QUOTED } from '../../../adapters/platforms/meet/call-controls.ts'
import { controls, DOOR_POPUPS, type MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { plainCss } from '../../../src/browser/asking.ts'
import type { Clue, Control } from '../../../src/platform/controls.ts'

/** Would one of the control's clues by words take this text? CSS is for a browser to say. */
function takes(key: MeetKey, said: string): boolean {
  const { clues }: Control = controls[key]
  return clues.some((clue) => {
    const words = 'role' in clue ? clue.name : 'text' in clue ? clue.text : undefined
    return words !== undefined && (typeof words === 'string' ? said.toLowerCase().includes(words.toLowerCase()) : words.test(said))
  })
}

// biome-ignore format: a table
const WORDS: readonly [key: MeetKey, ...said: string[]][] = [
  ['askToJoin', 'Ask to join', 'Ask to join anyway', 'Ask to join without camera', 'Teilnahme erbitten', '参加をリクエスト', 'Kérvényezés a csatlakozásra'],
  ['joinNow', 'Join now', 'Join anyway', 'Join the call now', 'Join', 'Join meeting', 'Enter meeting', 'Jetzt teilnehmen', 'Trotzdem teilnehmen', 'Participar agora', '今すぐ参加', 'Присоединиться', 'Unirse', 'Participer'],
  ['joinHereToo', 'Join here too', 'Switch here'],
  ['withoutMedia', 'Continue without microphone and camera', 'Ohne Mikrofon und Kamera fortfahren'],
  ['gotIt', 'Got it'],
  ['dismiss', 'Dismiss', 'Not now', 'Use without an account'],
  ['lobby', 'Asking to be let in', 'Asking to be let in...', 'You’ll join the call when someone lets you in', "You'll join the call when someone lets you in", 'Please wait until a meeting host brings you into the call', 'Please wait until a meeting host admits you to the call', 'Waiting for the host to join', 'Waiting for the host to let you in', 'Asking to join', 'Bitte warten Sie, bis Sie vom Organisator zugelassen werden'],
  ['denied', 'Someone in the call denied your request to join', 'You weren’t allowed to join', "You weren't allowed to join"],
  ['noAnswer', 'No one responded to your request to join the call', 'Niemand hat auf Ihre Teilnahmeanfrage geantwortet'],
  ['cantJoin', "You can't join this video call", 'You can’t join this video call', "You can't join this call"],
  ['problem', 'There is a problem connecting to this video call', 'We encountered a problem joining'],
  ['badCode', 'Check your meeting code', 'Invalid video call name', 'Your meeting code has expired', 'The meeting code you entered doesn’t work'],
  ['signIn', 'Sign in', 'Choose an account', 'Your sign-in credentials might have changed'],
  ['askAgain', 'Ask to join again'],
  ['removed', 'You’ve been removed from the meeting', "You've been removed from the meeting", 'You were removed from the meeting'],
  ['hostEnded', 'Your host ended the meeting for everyone'],
  ['callEnded', 'The call ended'],
  ['youLeft', 'You left the meeting'],
  ['reconnecting', 'You lost your network connection. Trying to reconnect.'],
  ['joinedText', 'You have joined the call', 'Du nimmst an diesem Anruf teil'],
]
const VERDICTS: readonly MeetKey[] = [
  'denied',
  'noAnswer',
  'cantJoin',
  'problem',
  'badCode',
  'signIn',
  'removed',
  'hostEnded',
  'callEnded',
  'youLeft',
]

describe('words of the client', () => {
  it.each(WORDS.flatMap(([key, ...said]) => said.map((text) => [text, key] as const)))('"%s" is %s', (text, key) => {
    expect(takes(key, text)).toBe(true)
    expect(VERDICTS.filter((other) => other !== key && takes(other, text))).toEqual([])
  })

  it.each([
    'Other ways to join',
    'Join and use a phone for audio',
    'Cast this meeting',
    'Return to home screen',
    'Try again',
    'Retry',
    'Go back',
    'Ask to join again',
  ])('"%s" is no way in', (text) =>
    expect((['askToJoin', 'joinNow', 'joinHereToo'] as const).filter((key) => takes(key, text))).toEqual([]),
  )

  it('reads verdicts from headings and from the frame of a terminal screen only, and never inside a chat', () => {
    const loose = VERDICTS.filter((key) => {
      const { clues }: Control = controls[key]
      return clues.some((clue) => {
        const frame = 'css' in clue && /^(\[data-call-ended\]|\[jsname="r4nke"\]|\.roSPhc)/.test(clue.css)
        return !(frame || ('role' in clue && clue.role === 'heading')) || clue.outside !== QUOTED
      })
    })
    expect(loose).toEqual([])
  })

  it('needs nothing but what the page itself can tell', () => {
    const all = Object.values(controls).flatMap(({ clues }: Control): readonly Clue[] => clues)
    const beyond = all.flatMap((clue) => ('css' in clue && !plainCss(clue.css).exact ? [clue.css] : []))
    expect(beyond).toEqual([])
  })

  it('presses no dialog without knowing what it is, or what it is not', () => {
    const blind = DOOR_POPUPS.flatMap((key) => {
      const { clues }: Control = controls[key]
      const known = (clue: Clue) => clue.near !== undefined || clue.unless !== undefined || /is-persistent/.test(JSON.stringify(clue))
      return key === 'withoutMedia' || clues.every(known) ? [] : [key] // that one says by its own name what it does
    })
    expect(blind).toEqual([])
  })

  it.each([
    'Take notes for me',
    'Ada wants to join this call',
    'Ada möchte teilnehmen',
    'This video call is being recorded',
    'Gemini is taking notes',
    'このビデオ通話は録画されています',
  ])('takes a dialog that says "%s" for no promotion', (text) => {
    const { clues }: Control = controls.dismiss
    expect(clues.filter(({ unless }) => unless?.test(text) !== true)).toEqual([])
  })
})
