import { isMap, itemsOf, textsOf } from '../../kube/reading';
import { Problem, refused, warned } from './Problem';

const OLD_VERSIONS = ['TLSV1_0', 'TLSV1_1'];
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];

/** How a gateway's server, or a sidecar's listener, encrypts. Source: istio validation.go, validateTLSOptions. */
export function* serverTlsProblems(
  tls: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(tls)) {
    return;
  }
  yield* cipherProblems(tls, path);
  const certificates = certificateFields(tls);
  const mode: string = tls.mode ?? 'PASSTHROUGH';
  if (mode === 'ISTIO_MUTUAL') {
    for (const field of certificates.filter(name => name !== 'caCrl')) {
      yield refused(
        `${path}.${field}`,
        `Mode ISTIO_MUTUAL uses Istio’s certificates, and ${field} is set.`,
        'Remove it, or use MUTUAL.',
      );
    }
    return;
  }
  if (isPassthrough(tls) && certificates.length > 0) {
    yield warned(
      `${path}.${certificates[0]}`,
      `Mode ${mode} opens no connection, so its certificates are not used.`,
      'Remove them, or use SIMPLE.',
    );
  }
  const sources = [
    tls.serverCertificate && tls.privateKey,
    tls.credentialName,
    itemsOf(tls.credentialNames).length > 0,
    itemsOf(tls.tlsCertificates).length > 0,
  ].filter(Boolean);
  if (sources.length > 1) {
    yield refused(
      path,
      'Its certificates come from more than one place.',
      'Keep one of credentialName, credentialNames, tlsCertificates, or serverCertificate and privateKey.',
    );
  }
  yield* ownCertificateProblems(tls, path);
}

/** Those fields that say which certificates it has. */
function certificateFields(tls: Record<string, any>): string[] {
  return [
    'caCrl',
    'serverCertificate',
    'privateKey',
    'caCertificates',
    'tlsCertificates',
    'credentialName',
    'credentialNames',
  ].filter(field =>
    Array.isArray(tls[field]) ? tls[field].length > 0 : tls[field],
  );
}

/** The mode that is none is PASSTHROUGH. */
export function isPassthrough(tls: Record<string, any>): boolean {
  return ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(
    tls.mode ?? 'PASSTHROUGH',
  );
}

function* ownCertificateProblems(
  tls: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const isMutual = ['MUTUAL', 'OPTIONAL_MUTUAL'].includes(tls.mode);
  if (isMutual || tls.mode === 'SIMPLE') {
    if (tls.credentialName || itemsOf(tls.credentialNames).length > 0) {
      return;
    }
    if (isMutual && !tls.caCertificates) {
      yield refused(
        `${path}.caCertificates`,
        `Mode ${tls.mode} has no certificates to check callers by.`,
        'Set credentialName to a Secret with ca.crt.',
      );
    }
    const given = itemsOf(tls.tlsCertificates);
    if (given.length > 2) {
      yield warned(
        `${path}.tlsCertificates`,
        'A server has two certificates at most, one RSA and one ECDSA.',
        'Remove the rest.',
      );
    }
    for (const one of given.length > 0 ? given : [tls]) {
      if (!one?.serverCertificate || !one?.privateKey) {
        yield refused(
          path,
          `Mode ${tls.mode} has no certificate to show.`,
          'Set credentialName to the Secret that holds it.',
        );
      }
    }
  }
  if (tls.caCrl && (tls.credentialName || tls.mode === 'SIMPLE')) {
    yield refused(
      `${path}.caCrl`,
      'caCrl is for mode MUTUAL with certificates from files.',
      'Put the list into the Secret, or remove it.',
    );
  }
}

function* cipherProblems(
  tls: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const suites = textsOf(tls.cipherSuites);
  if (OLD_VERSIONS.includes(tls.minProtocolVersion) && suites.length === 0) {
    yield warned(
      `${path}.minProtocolVersion`,
      `${tls.minProtocolVersion} needs ciphers that are off by default.`,
      'List them in cipherSuites, or ask for TLSV1_2.',
    );
  }
  const unknown = suites.filter(
    suite =>
      /^[\p{L}\p{N}]/u.test(suite) &&
      suite !== 'ALL' &&
      !CIPHERS.includes(suite),
  );
  const twice = suites.filter(
    (suite, index) =>
      !unknown.includes(suite) && suites.indexOf(suite) !== index,
  );
  for (const suite of [...unknown, ...twice]) {
    yield warned(
      `${path}.cipherSuites`,
      `${suite} is ${
        unknown.includes(suite) ? 'unknown' : 'there twice'
      }, and ignored.`,
      'Remove it.',
    );
  }
}
