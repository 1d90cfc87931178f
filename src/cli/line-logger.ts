import type { Logger } from '../core/logger.ts'

type Level = keyof Logger

/** A thrown value with its cause, as text. Stacks belong into this log, never into an answer. */
function told(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value
}

/** One line of JSON for each message, on stderr: stdout is for who started the program. */
export function lineLogger(levels: readonly Level[]): Logger {
  const write =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (!levels.includes(level)) return
      const shown = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, told(value)]))
      process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...shown })}\n`)
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
