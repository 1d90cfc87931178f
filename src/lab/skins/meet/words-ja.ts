import type { Words } from './words-en.ts'

/** Japanese as the sheet has it. */
export const JA_SOURCED: Partial<Words> = {
  yourName: '名前',
  askToJoin: '参加をリクエスト',
  joinNow: '今すぐ参加',
  captions: '字幕',
}

/** Japanese where the sheet is silent: our own translation; what is missing here stays English. */
export const JA_INVENTED: Partial<Words> = {
  gettingReady: '準備しています…',
  whatsYourName: 'お名前を入力してください',
  joinAnyway: 'それでも参加',
  otherWays: '他の参加方法',
  moreOptions: 'その他のオプション',
  micOn: 'マイクをオンにする',
  micOff: 'マイクをオフにする',
  camOn: 'カメラをオンにする',
  camOff: 'カメラをオフにする',
  close: '閉じる',
  gotIt: '了解',
  askingLetIn: '参加の許可を求めています',
  youllJoin: '誰かが許可すると参加できます',
  denied: '参加リクエストが拒否されました',
  noAnswer: 'リクエストに応答がありませんでした',
  cantJoin: 'このビデオ通話に参加できません',
  returnHome: 'ホーム画面に戻る',
  removed: '会議から削除されました',
  ended: '主催者が会議を終了しました',
  left: '会議から退出しました',
  callControls: '通話の操作',
  leaveCall: '通話から退出',
  captionsOn: '字幕をオンにする',
  captionsOff: '字幕をオフにする',
  chat: '全員とチャット',
  people: 'ユーザー',
  participants: '参加者',
  language: '日本語',
}
