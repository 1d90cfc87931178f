import type { Words } from './words-en.ts'

/** Spanish as the sheet has it. */
export const ES_SOURCED: Partial<Words> = {
  join: 'Unirse',
  captions: 'Leyendas',
}

/** Spanish where the sheet is silent: our own translation; what is missing here stays English. */
export const ES_INVENTED: Partial<Words> = {
  gettingReady: 'Preparando…',
  yourName: 'Tu nombre',
  whatsYourName: '¿Cómo te llamas?',
  readyToJoin: '¿Todo listo?',
  askToJoin: 'Solicitar unirse',
  joinNow: 'Unirse',
  joinAnyway: 'Unirse de todos modos',
  otherWays: 'Otras formas de unirse',
  moreOptions: 'Más opciones',
  micOn: 'Activar micrófono',
  micOff: 'Desactivar micrófono',
  camOn: 'Activar cámara',
  camOff: 'Desactivar cámara',
  leaveCall: 'Salir de la llamada',
  captionsOn: 'Activar leyendas',
  captionsOff: 'Desactivar leyendas',
  chat: 'Chatear con todos',
  people: 'Personas',
  participants: 'Participantes',
  youllJoin: 'Te unirás cuando alguien te deje entrar',
  askingLetIn: 'Pidiendo permiso para entrar',
  returnHome: 'Volver a la pantalla principal',
  language: 'Español',
}
