import type { Words } from './words-en.ts'

/** Hungarian as the sheet has it. */
export const HU_SOURCED: Partial<Words> = {
  yourName: 'A neved',
  askToJoin: 'Kérvényezés a csatlakozásra',
}

/** Hungarian where the sheet is silent: our own translation; what is missing here stays English. */
export const HU_INVENTED: Partial<Words> = {
  gettingReady: 'Előkészítés…',
  whatsYourName: 'Hogy hívnak?',
  joinNow: 'Csatlakozás most',
  joinAnyway: 'Csatlakozás mégis',
  otherWays: 'Más csatlakozási módok',
  moreOptions: 'További lehetőségek',
  micOn: 'Mikrofon bekapcsolása',
  micOff: 'Mikrofon kikapcsolása',
  camOn: 'Kamera bekapcsolása',
  camOff: 'Kamera kikapcsolása',
  close: 'Bezárás',
  gotIt: 'Értem',
  askingLetIn: 'Beengedés kérése',
  youllJoin: 'Csatlakozol, amint valaki beenged',
  denied: 'Valaki elutasította a kérésedet',
  noAnswer: 'Senki sem válaszolt a kérésedre',
  cantJoin: 'Nem csatlakozhatsz ehhez a híváshoz',
  returnHome: 'Vissza a kezdőképernyőre',
  removed: 'Eltávolítottak a megbeszélésről',
  ended: 'A szervező mindenki számára befejezte a megbeszélést',
  left: 'Kiléptél a megbeszélésből',
  callControls: 'Hívásvezérlők',
  leaveCall: 'Hívás elhagyása',
  captionsOn: 'Feliratok bekapcsolása',
  captionsOff: 'Feliratok kikapcsolása',
  chat: 'Csevegés mindenkivel',
  people: 'Résztvevők',
  participants: 'Résztvevők',
  captions: 'Feliratok',
  language: 'Magyar',
}
