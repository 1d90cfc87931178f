import { DE_INVENTED, DE_SOURCED } from './words-de.ts'
import { EN, EN_INVENTED, type Words } from './words-en.ts'
import { ES_INVENTED, ES_SOURCED } from './words-es.ts'
import { FR_INVENTED, FR_SOURCED } from './words-fr.ts'
import { HU_INVENTED, HU_SOURCED } from './words-hu.ts'
import { JA_INVENTED, JA_SOURCED } from './words-ja.ts'
import { PT_INVENTED, PT_SOURCED } from './words-pt.ts'
import { RU_INVENTED, RU_SOURCED } from './words-ru.ts'

export type { Words } from './words-en.ts'

interface Locale {
  words: Words
  /** Keys whose text the fact sheet gives; the others are our own translation. */
  sourced: readonly string[]
}

const locale = (sourced: Partial<Words>, invented: Partial<Words>): Locale => ({
  words: { ...EN, ...invented, ...sourced },
  sourced: Object.keys(sourced),
})

/** Languages the look-alike speaks. */
export const LOCALES = {
  en: { words: EN, sourced: Object.keys(EN).filter((key) => !EN_INVENTED.includes(key as keyof Words)) },
  de: locale(DE_SOURCED, DE_INVENTED),
  hu: locale(HU_SOURCED, HU_INVENTED),
  ja: locale(JA_SOURCED, JA_INVENTED),
  pt: locale(PT_SOURCED, PT_INVENTED),
  ru: locale(RU_SOURCED, RU_INVENTED),
  es: locale(ES_SOURCED, ES_INVENTED),
  fr: locale(FR_SOURCED, FR_INVENTED),
} satisfies Record<string, Locale>

/** The language a visitor is shown for an `hl` or `locale`: by its first part, English for what the lab does not speak. */
export function localeOf(asked: string): keyof typeof LOCALES {
  const language = asked.toLowerCase().split(/[-_]/)[0] ?? ''
  return isSpoken(language) ? language : 'en'
}

const isSpoken = (language: string): language is keyof typeof LOCALES => Object.hasOwn(LOCALES, language)
