import { BotError } from '../core/errors.ts'

/** The packages that speak S3. They are optional, and big: loaded when they are first needed. */
export async function loadS3Sdk() {
  try {
    const [s3, storage, presigner] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/lib-storage'),
      import('@aws-sdk/s3-request-presigner'),
    ])
    return { s3, storage, presigner }
  } catch (error) {
    const packages = '@aws-sdk/client-s3 @aws-sdk/lib-storage @aws-sdk/s3-request-presigner'
    throw new BotError('NOT_SUPPORTED', `s3Artifacts needs packages that are not installed: npm install ${packages}`, {
      details: { field: 's3Artifacts', value: 'packages missing', allowed: packages },
      cause: error,
    })
  }
}

export type S3Sdk = Awaited<ReturnType<typeof loadS3Sdk>>
