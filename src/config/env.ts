/** Every environment variable this package reads. Nothing else looks at `process.env`. */
export interface RemoraEnv {
  /** Browser executable (`REMORA_BROWSER`). */
  browser?: string
  /** ffmpeg executable (`REMORA_FFMPEG`). */
  ffmpeg?: string
  /** API keys of the service, comma between them (`REMORA_API_KEYS`): a command line can be read by every user of a machine. */
  apiKeys: readonly string[]
  /** Webhook secrets of the service, the newest first, comma between them (`REMORA_WEBHOOK_SECRETS`). */
  webhookSecrets: readonly string[]
  /** The variables themselves, for child processes and for finding installed programs. */
  all: Readonly<Record<string, string | undefined>>
}

const listOf = (text = '') => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))

export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env): RemoraEnv {
  const { REMORA_BROWSER: browser, REMORA_FFMPEG: ffmpeg, REMORA_API_KEYS: keys, REMORA_WEBHOOK_SECRETS: secrets } = env
  return {
    ...(browser ? { browser } : {}),
    ...(ffmpeg ? { ffmpeg } : {}),
    apiKeys: listOf(keys),
    webhookSecrets: listOf(secrets),
    all: env,
  }
}
