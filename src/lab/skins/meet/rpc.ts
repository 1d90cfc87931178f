/** What the client asks for over HTTP, beside its socket. */
export const ROSTER = '/$rpc/google.rtc.meetings.v1.MeetingSpaceService/SyncMeetingSpaceCollections'
/** Asked at the knock. */
export const CREATE_DEVICE = '/$rpc/google.rtc.meetings.v1.MeetingDeviceService/CreateMeetingDevice'
