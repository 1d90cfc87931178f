/** Every environment variable this package reads. Nothing else looks at `process.env`. */
export interface RemoraEnv {
  /** Browser executable (`REMORA_BROWSER`). */
  browser?: string
  /** ffmpeg executable (`REMORA_FFMPEG`). */
  ffmpeg?: string
  /** The variables themselves, for child processes and for finding installed programs. */
  all: Readonly<Record<string, string | undefined>>
}

export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env): RemoraEnv {
  const { REMORA_BROWSER: browser, REMORA_FFMPEG: ffmpeg } = env
  return { ...(browser ? { browser } : {}), ...(ffmpeg ? { ffmpeg } : {}), all: env }
}
