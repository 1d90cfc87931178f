/**
 * Words that the client writes beside a name or in place of one. English as seen (fact sheet 6.5, 6.11, 2026-10); the other
 * languages are their plain words, which nobody has seen in the client yet.
 */
const words = (text: string) => new Set(text.split('|'))

/** "(You)" */
const YOU = words('you|du|sie|vous|toi|tú|usted|você|tu|lei|te|ön|вы|あなた|自分|คุณ|您|你')
/** "(Presenting)" */
const PRESENTING = words(
  'presenting|präsentiert|präsentierst|präsentieren|du präsentierst|sie präsentieren|présente|présentez|vous présentez|en présentation|' +
    'presentando|está presentando|presentas|apresentando|está apresentando|sta presentando|stai presentando|presentazione in corso|' +
    'bemutat|bemutatót tart|prezentál|показывает презентацию|вы показываете презентацию|プレゼンテーション中|画面を共有中|画面共有中|กำลังนำเสนอ',
)
const OTHER = words(
  'annotating|meeting host|host|organisator|organisatorin|organizer|organisateur|anfitrión|anfitriã|anfitrião|szervező|主催者',
)
/** A screen's whole label. */
const PRESENTATION = words(
  'presentation|your presentation|präsentation|deine präsentation|ihre präsentation|présentation|votre présentation|ta présentation|' +
    'presentación|tu presentación|su presentación|apresentação|sua apresentação|a sua apresentação|presentazione|la tua presentazione|' +
    'prezentáció|az ön prezentációja|bemutató|презентация|ваша презентация|プレゼンテーション|あなたのプレゼンテーション|画面共有|การนำเสนอ',
)

const plain = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
const splitNotes = (inner: string) => inner.split(/[,、，]/).map(plain)
const LAST_BRACKET = /^(.*?)\s*[(（]([^()（）]*)[)）]$/

/** A text without the client's notes in brackets at its end; other brackets belong to the name. */
export function withoutNotes(text: string): string {
  let name = text.replace(/\s+/g, ' ').trim()
  for (;;) {
    const [, rest, inner] = LAST_BRACKET.exec(name) ?? []
    const known = (note: string) => YOU.has(note) || PRESENTING.has(note) || OTHER.has(note)
    if (rest === undefined || inner === undefined || !splitNotes(inner).every(known)) return name
    name = rest.trim()
  }
}

function hasNote(text: string, wanted: ReadonlySet<string>): boolean {
  return [...text.matchAll(/[(（]([^()（）]*)[)）]/g)].some(([, inner = '']) => splitNotes(inner).some((note) => wanted.has(note)))
}

/** Does a text say of itself that it is ours? */
export const saysYou = (text: string): boolean => hasNote(text, YOU)

/** Is a text nothing but the word for ourselves? */
export const isYou = (text: string): boolean => YOU.has(plain(text))

/** Is a text a screen's: its presenter's name with a note, or the word for a presentation alone? */
export const saysShare = (text: string): boolean => hasNote(text, PRESENTING) || isPresentation(text)

/** Is a text nothing but the word for a presentation? */
export const isPresentation = (text: string): boolean => PRESENTATION.has(plain(text))

/** Several devices of one room that are heard as one (6.5, 2026-08; other languages guessed). */
const MERGED =
  /^(merged audio|adaptive audio group|zusammengeführtes audio|audio fusionné|audio combinado|áudio (mesclado|combinado)|audio combinato|egyesített hang|統合された音声)(?!\p{L})/iu

/** Is a text what the client calls a group of devices? Nobody is called that. */
export const isMerged = (text: string): boolean => MERGED.test(text.normalize('NFC').trim())

/** The word for effects as the client's languages spell it. CSS folds the case of ASCII letters only: others stand without their first. */
const EFFECT_WORDS = ['effects', 'effekt', 'effets', 'efectos', 'efeitos', 'effetti', 'ффект', 'エフェクト']

/** CSS: where effects show pictures of people who are nobody. */
export const EFFECTS: string = [...EFFECT_WORDS.map((word) => `[aria-label*="${word}" i]`), '[data-effects]'].join()

/** Words that names of icons are made of. */
const ICON_WORDS = new Set(
  (
    'account add alarm all app apps arrow audio auto back background backgrounds badge block blur border box brand call camera cam cancel cast ' +
    'caption captions center chat check chevron circle close closed cloud comment computer control crop cut dashboard delete description devices disable disabled ' +
    'domain done dot down drag draw edit effects emoji empty end error event exit expand face fill fit flag fold forum frame front full fullscreen ' +
    'grid group groups hand headset hearing help hide high history home horiz image in info keep key keyboard label language layout left less link ' +
    'list lock low map mark meeting menu message mic minimize missed mobile mood more move mute muted new no none note notes notifications number off ' +
    'on open out outline outlined outlines panel pause pen people person phone photo picture pin play plus poll power present preview privacy public ' +
    'push question radio raise raised record remove reply report right rotate room screen screenshot search security send settings share shield show ' +
    'signal size smart sound spark spatial speaker split square star stop subtitles switch sync tab team text timer to translate tune unmute up ' +
    'variable vert vertical video videocam view visibility visual voice voiceover volume wall warning waves wifi window work zoom'
  ).split(' '),
)

/** Is a text an icon's name, of which fonts make a picture? A person's `anna_k` is none. */
export function isIconName(text: string): boolean {
  return /^[a-z0-9]+(_[a-z0-9]+)+$/.test(text) && text.split('_').every((word) => /^\d+$/.test(word) || ICON_WORDS.has(word))
}
