import type { Device } from './collections.ts'
import type { Actor, Crowd } from './crowd.ts'
import { isSeen } from './people.ts'
import type { PersonView } from './protocol.ts'
import type { Room } from './room.ts'
import type { Visitor } from './visitor.ts'

const SCREEN_CSRC = 50_000

/** What a visitor sends is forwarded to no other: to those they are muted, without a camera. */
const shownOf = ({ micOn, cameraOn }: Visitor, self: boolean) => ({ camera: self && cameraOn, muted: !self || !micOn })

/** A visitor as one of them sees them. */
function viewOf(visitor: Visitor, self: boolean): PersonView {
  const { deviceId, name } = visitor
  return { id: deviceId, name, host: false, self, ...shownOf(visitor, self) }
}

/** Everybody a visitor's page shows: the people and their screens, the other visitors, and the visitor. */
export function peopleFor(crowd: Crowd, visitors: readonly Visitor[], visitor: Visitor): PersonView[] {
  const people = crowd.actors.filter(({ present }) => present)
  return [
    ...people.map(({ id, name, host = false, camera, muted }) => ({ id, name, host, self: false, camera: isSeen(camera), muted })),
    ...people.flatMap(({ id, name, screenId }) =>
      screenId === undefined ? [] : [{ id: screenId, name, host: false, self: false, camera: true, muted: true, parent: id }],
    ),
    ...visitors.filter((other) => other !== visitor && other.inCall).map((other) => viewOf(other, false)),
    viewOf(visitor, true),
  ]
}

/** The same as the client's own channels say it: who has left is still there, with a status. */
export function devicesFor(crowd: Crowd, visitors: readonly Visitor[], visitor?: Visitor): Device[] {
  return [
    ...crowd.actors.filter(({ present, leftAtMs }) => present || leftAtMs !== undefined).flatMap(devicesOf),
    ...crowd.ended.map(({ id, name, parent }) => ({ ...GONE, id, name, parent })),
    ...visitors
      .filter(({ inCall, wasInCall }) => inCall || wasInCall)
      .map((other) => ({
        id: other.deviceId,
        name: other.name,
        host: false,
        status: other.inCall ? ('in' as const) : other.state === 'removed' ? ('removed' as const) : ('out' as const),
        self: other === visitor,
        csrc: other.csrc,
        ...shownOf(other, other === visitor),
      })),
  ]
}

const GONE = { host: false, status: 'out', self: false, csrc: 0, muted: true, camera: false } as const

function devicesOf({ id, name, host = false, present, csrc, muted, camera, screenId }: Actor): Device[] {
  const person: Device = { id, name, host, status: present ? 'in' : 'out', self: false, csrc, muted, camera: isSeen(camera) }
  if (screenId === undefined) return [person]
  return [person, { ...GONE, id: screenId, name, status: 'in', csrc: csrc + SCREEN_CSRC, camera: true, parent: id }]
}

/** Everybody as the HTTP answer has them: who left a while ago only is still in. */
export function lateDevices({ crowd, visitors, plan, truth }: Room): Device[] {
  const since = truth.now() - plan.rosterLagMs
  const lately = new Set(crowd.actors.filter(({ leftAtMs = 0 }) => leftAtMs > since).map(({ id }) => id))
  return devicesFor(crowd, [...visitors.values()]).map((device) => (lately.has(device.id) ? { ...device, status: 'in' } : device))
}
