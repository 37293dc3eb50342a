import { X509Certificate } from 'crypto';

/** What a certificate says of itself. */
export type CertificateFacts = {
  subject: string;
  issuer: string;
  hosts: string[];
  endsAt: string;
};

/** The first certificate of a PEM text; undefined where there is none that can be read. */
export function readCertificate(pem: string): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      hosts: (certificate.subjectAltName ?? '')
        .split(', ')
        .flatMap(name => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []),
      endsAt: new Date(certificate.validTo).toISOString(),
    };
  } catch {
    return undefined;
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
