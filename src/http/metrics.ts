import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EngineService } from '../engine/port.ts'

/** Figures of one handler in a registry of its own: several handlers in a process do not meet. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Counter<'method' | 'route' | 'status'>
  readonly #durations: Histogram<'method' | 'route'>

  constructor(engine: EngineService) {
    const registers = [this.#registry]
    this.#requests = new Counter({
      name: 'remora_http_requests_total',
      help: 'Requests answered, by route and status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    })
    this.#durations = new Histogram({
      name: 'remora_http_request_duration_seconds',
      help: 'Time from a request to its answer.',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    })
    new Gauge({
      name: 'remora_bots',
      help: 'Bots that wait and that run, and how many may run.',
      labelNames: ['kind'],
      registers,
      async collect() {
        const { waiting, running, concurrency } = await engine.counts()
        for (const [kind, count] of Object.entries({ waiting, running, concurrency })) this.set({ kind }, count)
      },
    })
    new Gauge({
      name: 'remora_webhook_deliveries_pending',
      help: 'Events not delivered yet.',
      registers,
      async collect() {
        this.set((await engine.counts()).pendingDeliveries)
      },
    })
  }

  /** `route` is the pattern, never the path: ids would make a series each. */
  observe({ method, route, status, seconds }: { method: string; route: string; status: number; seconds: number }): void {
    this.#requests.inc({ method, route, status: String(status) })
    this.#durations.observe({ method, route }, seconds)
  }

  async response(): Promise<Response> {
    return new Response(await this.#registry.metrics(), { headers: { 'content-type': this.#registry.contentType } })
  }
}
