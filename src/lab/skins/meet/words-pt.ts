import type { Words } from './words-en.ts'

/** Portuguese as the sheet has it. */
export const PT_SOURCED: Partial<Words> = {
  joinNow: 'Participar agora',
}

/** Portuguese where the sheet is silent: our own translation; what is missing here stays English. */
export const PT_INVENTED: Partial<Words> = {
  gettingReady: 'Preparando…',
  yourName: 'Seu nome',
  whatsYourName: 'Qual é o seu nome?',
  readyToJoin: 'Tudo pronto?',
  askToJoin: 'Pedir para participar',
  joinAnyway: 'Participar mesmo assim',
  join: 'Participar',
  otherWays: 'Outras formas de participar',
  moreOptions: 'Mais opções',
  micOn: 'Ativar microfone',
  micOff: 'Desativar microfone',
  camOn: 'Ativar câmera',
  camOff: 'Desativar câmera',
  leaveCall: 'Sair da chamada',
  captions: 'Legendas',
  captionsOn: 'Ativar legendas',
  captionsOff: 'Desativar legendas',
  chat: 'Chat com todos',
  people: 'Pessoas',
  participants: 'Participantes',
  youllJoin: 'Você vai participar quando alguém permitir',
  askingLetIn: 'Pedindo permissão para entrar',
  returnHome: 'Voltar à tela inicial',
  language: 'Português',
}
