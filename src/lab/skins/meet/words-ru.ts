import type { Words } from './words-en.ts'

/** Russian as the sheet has it. */
export const RU_SOURCED: Partial<Words> = {
  join: 'Присоединиться',
}

/** Russian where the sheet is silent: our own translation; what is missing here stays English. */
export const RU_INVENTED: Partial<Words> = {
  gettingReady: 'Подготовка…',
  yourName: 'Ваше имя',
  whatsYourName: 'Как вас зовут?',
  readyToJoin: 'Всё готово?',
  askToJoin: 'Попросить разрешения',
  joinNow: 'Присоединиться',
  joinAnyway: 'Всё равно присоединиться',
  otherWays: 'Другие способы',
  moreOptions: 'Ещё',
  micOn: 'Включить микрофон',
  micOff: 'Выключить микрофон',
  camOn: 'Включить камеру',
  camOff: 'Выключить камеру',
  leaveCall: 'Покинуть звонок',
  captions: 'Субтитры',
  captionsOn: 'Включить субтитры',
  captionsOff: 'Выключить субтитры',
  chat: 'Чат со всеми',
  people: 'Люди',
  participants: 'Участники',
  youllJoin: 'Вы присоединитесь, когда вас впустят',
  askingLetIn: 'Ожидание разрешения',
  returnHome: 'На главный экран',
  language: 'Русский',
}
