import { describe, expect, it } from 'vitest'
import { RECORDS } from '../../../adapters/platforms/meet/dialog-words.ts'

describe('a call that is recorded or written down', () => {
  it.each([
    'This video call is being transcribed',
    'Dieser Videoanruf wird transkribiert',
    'Une transcription est en cours',
    'Cette réunion est transcrite',
    'Se está transcribiendo esta videollamada',
    'La transcripción está activada',
    'A transcrição está ativada',
  ])('is told by "%s"', (text) => expect(text.toLowerCase()).toMatch(RECORDS))

  it.each(['Let Gemini write notes? A transcript is saved', 'Choose who gets the transcription'])('is not by "%s"', (text) =>
    expect(text.toLowerCase()).not.toMatch(RECORDS),
  )
})
