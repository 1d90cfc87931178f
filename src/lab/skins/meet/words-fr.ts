import type { Words } from './words-en.ts'

/** French as the sheet has it. */
export const FR_SOURCED: Partial<Words> = {
  join: 'Participer',
  captions: 'Sous-titres',
}

/** French where the sheet is silent: our own translation; what is missing here stays English. */
export const FR_INVENTED: Partial<Words> = {
  gettingReady: 'Préparation…',
  yourName: 'Votre nom',
  whatsYourName: 'Comment vous appelez-vous ?',
  readyToJoin: 'Prêt ?',
  askToJoin: 'Demander à participer',
  joinNow: 'Participer',
  joinAnyway: 'Participer quand même',
  otherWays: 'Autres façons de participer',
  moreOptions: 'Autres options',
  micOn: 'Activer le micro',
  micOff: 'Désactiver le micro',
  camOn: 'Activer la caméra',
  camOff: 'Désactiver la caméra',
  leaveCall: 'Quitter l’appel',
  captionsOn: 'Activer les sous-titres',
  captionsOff: 'Désactiver les sous-titres',
  chat: 'Discuter avec tout le monde',
  people: 'Participants',
  participants: 'Participants',
  youllJoin: 'Vous participerez quand quelqu’un vous laissera entrer',
  askingLetIn: 'Demande d’accès en cours',
  returnHome: 'Retour à l’écran d’accueil',
  language: 'Français',
}
