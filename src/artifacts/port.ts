/** A file of one bot, as it is asked for and served. */
export interface Artifact {
  /** `<bot uuid>/<file name>`; forward slashes, no dots as parts. */
  key: string
  /** Absolute local path. The local file is the truth until `put` has resolved. */
  path: string
  /** 'video/mp4', 'audio/wav', ... */
  contentType: string
}

/** Where finished files are kept for those who ask over HTTP. */
export interface ArtifactStore {
  readonly name: string
  /** Keeps a file; resolves only after what was kept was verified (size, checksum). Repeating it does nothing. */
  put(file: Artifact): Promise<void>
  /** A signed link that expires (default 1 h); an empty string where there is no such file. */
  link(key: string, options?: { expiresInMs?: number }): Promise<string>
  /** Removes everything under `<bot uuid>/`. */
  remove(botUuid: string): Promise<{ removed: number; failed: number }>
  close(): Promise<void>
}
