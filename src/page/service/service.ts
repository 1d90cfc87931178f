/** One status as the service says it. */
export interface Status {
  code: string
  created_at: string
}

/** One line of the list. */
export interface Entry {
  uuid: string
  bot_name: string
  meeting_url: string
  created_at: string
  ended_at?: string | null
  duration?: number | null
  speakers: string[]
  status: Status
}

export interface Details {
  history: Status[]
  ending: { outcome: string; reason: string; responsible: string; message: string | null } | null
  participants: string[]
}

export interface Shot {
  date: string
  url: string
}

export interface Files {
  mp4: string
  audio: string
}

/** The key is wrong, or not any more right. */
export class WrongKey extends Error {}

/** The service this page came from, asked with one key. */
export class Service {
  readonly #base: URL
  readonly #key: string

  constructor(base: URL, key: string) {
    this.#base = base
    this.#key = key
  }

  async #ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(new URL(path, this.#base), { ...init, headers: { 'x-meeting-baas-api-key': this.#key } })
    const body = await response.json()
    if (response.status === 401) throw new WrongKey(body.message)
    if (!response.ok) throw new Error(body.message)
    return body
  }

  list(cursor?: string): Promise<{ bots: Entry[]; next_cursor?: string | null }> {
    return this.#ask(`bots/bots_with_metadata?limit=25${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
  }

  details(uuid: string): Promise<Details> {
    return this.#ask(`bots/${uuid}`)
  }

  shots(uuid: string): Promise<Shot[]> {
    return this.#ask(`bots/${uuid}/screenshots`)
  }

  files(uuid: string): Promise<Files> {
    return this.#ask(`bots/meeting_data?bot_id=${uuid}&include_transcripts=false`)
  }

  leave(uuid: string): Promise<unknown> {
    return this.#ask(`bots/${uuid}`, { method: 'DELETE' })
  }

  send(meetingUrl: string, botName: string): Promise<{ bot_id: string }> {
    const body = JSON.stringify({ meeting_url: meetingUrl, bot_name: botName })
    return this.#ask('bots', { method: 'POST', body })
  }
}
