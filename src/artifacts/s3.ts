import type { Clock } from '../core/clock.ts'
import type { ArtifactStore } from './port.ts'
import { loadS3Sdk } from './s3-sdk.ts'
import { S3Artifacts } from './s3-store.ts'

/** Where files are kept in an S3-compatible store. Times are milliseconds. */
export interface S3ArtifactsOptions {
  bucket: string
  /** Goes before every key, with its own slash if it is to have one: 'meetings/'. Default none. */
  prefix?: string
  /** An `S3Client` of @aws-sdk/client-s3 that you made, and close. Without it one is made from the rest. */
  client?: object
  /** Of a store that is not Amazon's. */
  endpoint?: string
  /** Default 'us-east-1'. */
  region?: string
  /** Default: what the AWS SDK finds by itself. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** `endpoint/bucket` instead of `bucket.endpoint`. Default true with `endpoint`, else false. */
  forcePathStyle?: boolean
  /** How long links are good; S3 allows 7 days at most. Default one hour. */
  expiresInMs?: number
  /** Bigger files go up in parts of this size, 5 MiB at least. Default 8 MiB. */
  partBytes?: number
  clock?: Clock
}

/**
 * Files in an S3-compatible store, read by presigned links. A file counts as kept only after what is there was compared with
 * the local one. Needs the AWS SDK packages `client-s3`, `lib-storage` and `s3-request-presigner`.
 *
 * @example
 * const artifacts = s3Artifacts({ bucket: 'meetings', endpoint: 'https://s3.example.com', credentials })
 * const engine = new MeetingEngine({ apiKeys: [key], artifacts })
 */
export function s3Artifacts(options: S3ArtifactsOptions): ArtifactStore {
  return new S3Artifacts(options, loadS3Sdk)
}
