/** Words by which dialogs are known before anything in them is pressed. Those nobody has seen in the client yet are the language's plain ones. */

/** Anything that is a dialog, whatever says so. */
export const DIALOG = '[role=dialog],[role=alertdialog],[aria-modal="true"],dialog'

const or = (...words: readonly RegExp[]) => new RegExp(words.map(({ source }) => `(?:${source})`).join('|'), 'i')

/** The call is being recorded, written down or noted: what must be agreed to before anything is heard. EN as seen, the others guessed. */
export const RECORDS = or(
  /being (recorded|transcribed)|is (recording|transcribing)/,
  /aufgezeichnet|transkribiert|aufzeichnung|transkript/, // de
  /録画|文字起こし/, // ja
  /felvétel|rögzít|átír/, // hu
  /enregistr|transcription (est|en) |de transcription|transcrit|transcribiendo|transcripci[oó]n|transcrev|transcrição/, // fr, es, pt
  /graba(da|ndo|ción)|gravad[ao]|gravação/, // es, pt
  /registrat|trascri/, // it
  /записыва|запись|расшифров/, // ru
  /opgenomen|getranscribeerd|nagrywan|transkry|kaydedil|녹화|录制|錄製/, // nl, pl, tr, ko, zh
)
/** Somebody's assistant takes notes. The brand is the same in every language; so is the button, by its words. */
export const NOTED = or(/is taking notes/, /gemini/)
/** Whether something is to be recorded or noted is for people to decide. */
export const WHETHER = or(
  /(start|begin) (recording|transcribing|a transcript)|aufzeichnung starten/,
  /take notes for me/,
  /(start|begin) taking notes/,
  /notizen für (mich|uns)/,
  /(jegyzetel|jegyzete(ke)?t) (helyettem|nekem)/,
  /メモを(取って|作成して)(もら|くれ)/,
)
/** Somebody asks to be let in: never ours to answer. */
const KNOCKS = or(
  /wants? to join|asking to (join|be let in)|\b(admit|deny)\b|deny entry/,
  /möchten? (gern )?(teilnehmen|beitreten)|zulassen|ablehnen/,
)
/** The way to an account, which a page may open instead of closing a dialog. */
export const ACCOUNTS = or(
  /(sign|log) in|google/,
  /anmelden|einloggen/,
  /ログイン/,
  /bejelentkez/,
  /connexion|connecter/,
  /iniciar sesión|acceder|fazer login/,
  /войти/,
  /accedi/,
)
/** Notes, in any words: what a dialog of unknown words must not talk of. */
export const NOTES = or(/\bnotes?\b|notiz|jegyzet|メモ|ノート|\bnotas?\b|anotaç|appunti|замет|notatk|notat|notlar|gemini/)

/** What a promotion never talks of; a dialog that does is left to people, or to the control that is made for it. */
export const FOR_PEOPLE = or(RECORDS, NOTED, WHETHER, KNOCKS, /take notes/)

/** "Join now" wherever it stands: the screen before the call, and the consent of a recorded one. */
export const JOIN_NOW = or(
  /^(join now|join anyway|join the call now|join|join meeting|enter meeting)$/,
  /^((jetzt|trotzdem) )?teilnehmen$/,
  /^participar( agora)?$/,
  /^今すぐ参加$|^参加$/,
  /^присоединиться( сейчас)?$/,
  /^unirse( ahora)?$/,
  /^participer( maintenant)?$|^rejoindre( maintenant)?$/,
  /^csatlakozás( most)?$|^csatlakozom$/,
  /^partecipa( ora)?$/,
)
/** Agreeing, in what follows a question of consent. */
export const AGREE = or(
  JOIN_NOW,
  /^(continue|ok|got it|accept|i agree|agree)$/,
  /^(weiter|fortfahren|verstanden|akzeptieren|zustimmen|einverstanden)$/,
  /^(続行|同意する|了解)$/,
  /^(folytatás|értem|elfogadom)$/,
)

export const DEVICES = or(
  /(microphone|camera) (not found|problem)|plugged in/,
  /(mikrofon|kamera)(problem| nicht gefunden)/,
  /(マイク|カメラ)(が見つかりません|の問題)/,
  /a (mikrofon|kamera) nem található|(mikrofon|kamera)probléma/,
)
export const CLOSE = /^(close|schließen|閉じる|bezárás|fermer|cerrar|fechar|chiudi|закрыть|sluiten|zamknij|kapat|닫기|关闭|關閉)$/i
