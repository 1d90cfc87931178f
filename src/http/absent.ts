/** Routes of the contract that this version does not have. They answer 404 and say so, in place of a puzzling "no such route". */
export const ABSENT: readonly { prefix: string; what: string }[] = [
  { prefix: '/calendars', what: 'calendars are not part of this version' },
  { prefix: '/calendar_events', what: 'calendars are not part of this version' },
  { prefix: '/zoom_oauth_connections', what: 'Zoom OAuth connections are not part of this version' },
]
