import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyWebhook } from '../../src/webhooks/verify.ts'
import { API_KEY, SECRET, seeded } from './plan.ts'

/** What the receiver does to a request, and how often of 100. */
// biome-ignore format: a table
const FAULTS = [
  ['answers 500', 6], ['answers 302', 2], ['resets before answering', 5], ['resets after half an answer', 3],
  ['never answers', 3], ['answers late', 6], ['goes to sleep', 1],
] as const
type Fault = (typeof FAULTS)[number][0] | 'answers 200'

const SLEEP_MS = 250

interface Moment {
  /** After this many requests the sender is to be killed; before or after this one is answered. */
  request: number
  when: 'before' | 'after'
}

/** A receiver as bad as they come, which writes down everything it gets. */
export class Receiver {
  /** The kinds of answers given. */
  readonly answers: Record<string, number> = {}
  /** What must not be: words for each case. */
  readonly violations: string[] = []
  requests = 0
  duplicates = 0
  accepted = 0
  readonly #bodies = new Map<string, string>()
  readonly #accepted = new Set<string>()
  /** By bot: the highest number seen. */
  readonly #highest = new Map<string, number>()
  readonly #random: () => number
  readonly #moments: Moment[]
  readonly #onKill: () => void
  readonly #server: Server
  #asleepUntil = 0

  constructor({ seed, moments, onKill }: { seed: number; moments: readonly Moment[]; onKill: () => void }) {
    this.#random = seeded(seed)
    this.#moments = [...moments]
    this.#onKill = onKill
    this.#server = createServer((request, response) => void this.#take(request, response))
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  /** Whether event `k` of a bot was answered with 200. */
  has(uuid: string, k: number): boolean {
    return this.#accepted.has(`${uuid}.${k}`)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return // killed in the middle of it: nothing was received
    }
    const moment = this.#moments[0]?.request === ++this.requests ? this.#moments.shift() : undefined
    this.#check(request, Buffer.concat(chunks))
    if (moment?.when === 'before') this.#onKill()
    const fault = this.#asleepUntil > Date.now() ? 'resets before answering' : this.#fault()
    this.answers[fault] = (this.answers[fault] ?? 0) + 1
    this.#answer(fault, String(request.headers['webhook-id']), response)
    if (moment?.when === 'after') response.once('close', this.#onKill)
  }

  #fault(): Fault {
    let share = this.#random() * 100
    for (const [fault, percent] of FAULTS) {
      share -= percent
      if (share < 0) return fault
    }
    return 'answers 200'
  }

  #answer(fault: Fault, id: string, response: ServerResponse): void {
    switch (fault) {
      case 'answers 500':
        response.writeHead(500).end('sorry')
        return
      case 'answers 302':
        response.writeHead(302, { location: '/elsewhere' }).end()
        return
      case 'resets before answering':
        response.destroy()
        return
      case 'resets after half an answer':
        response.writeHead(500, { 'content-length': 100 })
        response.write('half', () => response.destroy())
        return
      case 'goes to sleep':
        this.#asleepUntil = Date.now() + SLEEP_MS
        this.#server.closeAllConnections()
        return
      case 'never answers':
        return
      case 'answers late':
        setTimeout(() => this.#accept(id, response), this.#random() * 150)
        return
      default:
        this.#accept(id, response)
    }
  }

  #accept(id: string, response: ServerResponse): void {
    this.#accepted.add(id)
    this.accepted = this.#accepted.size
    response.writeHead(this.#random() < 0.5 ? 200 : 204).end()
  }

  #check(request: IncomingMessage, raw: Buffer): void {
    const id = String(request.headers['webhook-id'])
    const body = raw.toString()
    const [uuid = '', number] = id.split('.')
    const k = Number(number)
    const highest = this.#highest.get(uuid) ?? 0
    const earlier = this.#bodies.get(id)
    if (earlier !== undefined) this.duplicates++
    if (earlier !== undefined && earlier !== body) this.violations.push(`${id} came with other bytes`)
    if (k < highest) this.violations.push(`${id} came after ${uuid}.${highest}`)
    if (k > highest + 1) this.violations.push(`${id} came before ${uuid}.${highest + 1}`)
    if (k > 1 && k > highest && !this.has(uuid, k - 1)) this.violations.push(`${id} came before ${uuid}.${k - 1} was taken`)
    if (request.url !== '/hook') this.violations.push(`a redirect was followed to ${request.url}`)
    if (request.headers['x-meeting-baas-api-key'] !== API_KEY) this.violations.push(`${id} came without the key`)
    this.#bodies.set(id, body)
    this.#highest.set(uuid, Math.max(highest, k))
    try {
      const { data } = verifyWebhook(raw, request.headers, SECRET)
      if (Reflect.get(Object(Reflect.get(data, 'status')), 'k') !== k) this.violations.push(`${id} says it is another`)
    } catch (error) {
      this.violations.push(`${id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
