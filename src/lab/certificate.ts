import { createHash, webcrypto } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

export interface LabCertificate {
  key: string
  cert: string
  /** Base64 SHA-256 of the public key: what `--ignore-certificate-errors-spki-list` takes. */
  spki: string
}

/** A certificate of our own for the hosts the lab answers as; made anew for each lab, accepted by nobody who was not told. */
export async function makeCertificate(hosts: readonly string[]): Promise<LabCertificate> {
  const crypto = webcrypto
  x509.cryptoProvider.set(crypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0] & object as never)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const day = 86_400_000
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Remora meeting lab',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 30 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns' as const, value })))],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
  const spki = createHash('sha256').update(Buffer.from(certificate.publicKey.rawData)).digest('base64')
  return { key, cert: certificate.toString('pem'), spki }
}
