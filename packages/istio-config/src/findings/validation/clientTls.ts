import { isMap } from '../../kube/reading';
import { Problem, refused } from './Problem';

const MODES = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'];
const CONFIG_MAP = 'configmap://';

/** How a client encrypts. Source: istio pkg/config/validation/agent, ValidateTLS. */
export function* clientTlsProblems(
  tls: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  if (!isMap(tls)) {
    return;
  }
  const { mode = 'DISABLE', credentialName } = tls;
  if (!MODES.includes(mode)) {
    yield refused(
      `${path}.mode`,
      `There is no TLS mode ${mode}.`,
      `Use one of ${MODES.join(', ')}.`,
    );
  }
  yield* configMapProblems(credentialName, path, namespace);
  const names = Array.isArray(tls.subjectAltNames);
  const unchecked =
    tls.insecureSkipVerify === true &&
    ((mode === 'SIMPLE' && (tls.caCertificates || credentialName || names)) ||
      (mode === 'MUTUAL' && (tls.caCertificates || names)));
  if (unchecked) {
    yield refused(
      `${path}.insecureSkipVerify`,
      'The server’s certificate is not checked, and yet it is said how to check it.',
      'Remove insecureSkipVerify, or what it is checked by.',
    );
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName) {
    const files = [
      'clientCertificate',
      'caCertificates',
      'privateKey',
      'caCrl',
    ].filter(field => tls[field]);
    if (files.length > 0) {
      yield refused(
        `${path}.${files[0]}`,
        `credentialName and ${files[0]} are set: certificates come from the Secret or from files.`,
        'Keep one of both.',
      );
    }
    return;
  }
  if (mode === 'MUTUAL') {
    for (const field of ['clientCertificate', 'privateKey']) {
      if (!tls[field]) {
        yield refused(
          `${path}.${field}`,
          `Mode MUTUAL needs ${field}.`,
          'Set credentialName, or both clientCertificate and privateKey.',
        );
      }
    }
  }
}

function* configMapProblems(
  credentialName: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  const text = String(credentialName ?? '');
  if (!text.startsWith(CONFIG_MAP)) {
    return;
  }
  const [owner, name] = text.slice(CONFIG_MAP.length).split('/');
  if (name === undefined ? !owner : !name || owner !== namespace) {
    yield refused(
      `${path}.credentialName`,
      `${JSON.stringify(text)} names no ConfigMap of this namespace.`,
      `Write ${CONFIG_MAP}${namespace}/NAME.`,
    );
  }
}
