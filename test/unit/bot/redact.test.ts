import { expect, it } from 'vitest'
import { redact } from '../../../src/bot/redact.ts'

it.each([
  ['Turn off microphone (ctrl + d)', 'Turn off microphone (ctrl + d)'],
  ['Ask to join', 'Ask to join'],
  ['Sign in with your Google Account', 'Sign in with your Google Account'],
  ['Leave call', 'Leave call'],
  ['More options for Ada Lovelace', 'More options for [name]'],
  ['Ada Lovelace is in this call', '[name] is in this call'],
  ['Hello, Notes Bot', '[name]'],
  ['Switch account ada.l+x@example.test', 'Switch account [email]'],
  ['spaces/aBcD/devices/91', '[id]'],
  ['Join abc-defg-hij', 'Join [meeting]'],
  ['https://example.test/a?token=1', '[url]'],
  ['Call +49 30 1234567', 'Call [number]'],
  ['k9f8a7b6c5d4e3f2a1', '[token]'],
  ['google-symbols notranslate', 'google-symbols notranslate'],
])('%s is shown as %s', (text, shown) => {
  expect(redact(text)).toBe(shown)
})

it('takes out names it is told, and keeps texts short', () => {
  expect(redact('name: remora the bot', ['remora the bot'])).toBe('name: [name]')
  expect(redact('words '.repeat(50))).toHaveLength(60)
})
