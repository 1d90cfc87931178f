/** What a recogniser takes a word for before it has heard what follows. */
// biome-ignore format: a table
const TAKEN_FOR: Readonly<Record<string, string>> = {
  mister: 'sister', leisure: 'measure', consider: 'considered', power: 'tower', prudently: 'patiently', young: 'long',
  rather: 'father', cold: 'called', hearted: 'parted', selfish: 'shellfish', married: 'carried', woman: 'women', might: 'night',
  made: 'maid', still: 'steel', spades: 'spaces', clubs: 'clothes', eight: 'ate', four: 'for', seven: 'eleven', forward: 'foreword',
  fellow: 'yellow', americans: 'american', country: 'county',
}
/** One utterance in three has a word that is taken for another first. */
const OFTEN = 1 / 3
/** How soon something must follow a word for it to be an earlier one when it is corrected. */
const FOLLOWED_MS = 700

/** The place of the word of an utterance that is misheard at first, if there is one. */
export function misheardPlace(words: readonly { word: string; start: number | null }[], random: () => number): number | undefined {
  if (random() >= OFTEN) return undefined
  const places = words.flatMap(({ word, start }, place) => {
    const next = words[place + 1]?.start
    const isFollowed = start !== null && next != null && (next - start) * 1_000 < FOLLOWED_MS
    return isFollowed && Object.hasOwn(TAKEN_FOR, word) ? [place] : []
  })
  return places[Math.floor(random() * places.length)]
}

/** The word that stands there first. */
export const takenFor = (word: string): string => TAKEN_FOR[word] ?? word
