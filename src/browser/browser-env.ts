type Env = Readonly<Record<string, string | undefined>>

/** Marks the browsers of an engine run; read from outside, so it must arrive. */
const MARK = 'REMORA_RUN'
/** Names of what opens doors: this service's own settings, its database, its file store, and whatever is called a secret. */
const SECRET_NAME = /^(REMORA_|AWS_|PG|POSTGRES|DATABASE_URL)|SECRET|PASSW|TOKEN|CREDENTIAL|PRIVATE_KEY|WEBHOOK/i
/** A URL that holds a password, whatever it is called. */
const WITH_PASSWORD = /^[a-z][a-z\d+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i
/** A browser finds its way out by them. */
const PROXY = /_proxy$/i

/** The environment of a browser: it runs the code of strangers and needs none of our secrets. */
export function browserEnv(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && isHarmless(entry)))
}

function isHarmless([name, value = '']: [name: string, value: string | undefined]): boolean {
  if (name === MARK || PROXY.test(name)) return true
  return !SECRET_NAME.test(name) && !WITH_PASSWORD.test(value)
}
