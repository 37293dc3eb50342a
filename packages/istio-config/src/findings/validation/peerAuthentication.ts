import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap } from '../../kube/reading';
import { isPort } from './names';
import { Problem, refused } from './Problem';
import { selectorProblems } from './selectors';

const MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'];

/** Source: istio pkg/config/validation/validation.go, ValidatePeerAuthentication. */
export function* peerAuthenticationProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  const ports = fieldsOf(spec?.portLevelMtls);
  const modes: [string, unknown][] = [
    ['spec.mtls.mode', spec?.mtls?.mode],
    ...ports.map(([port, value]): [string, unknown] => [
      `spec.portLevelMtls.${port}.mode`,
      value?.mode,
    ]),
  ];
  for (const [path, mode] of modes) {
    if (mode !== undefined && !MODES.includes(String(mode))) {
      yield refused(
        path,
        `There is no mTLS mode ${mode}.`,
        `Use one of ${MODES.join(', ')}.`,
      );
    }
  }
  for (const [port] of ports) {
    if (!/^\d+$/.test(port) || !isPort(Number(port))) {
      yield refused(
        `spec.portLevelMtls.${port}`,
        `portLevelMtls has the key ${JSON.stringify(port)}, which is no port.`,
        'Use the number of the workload’s port, from 1 to 65535.',
      );
    }
  }
  if (isMap(spec?.portLevelMtls) && ports.length === 0) {
    yield refused(
      'spec.portLevelMtls',
      'portLevelMtls is empty.',
      'Remove it, or name a port.',
    );
  }
  if (ports.length > 0 && fieldsOf(spec?.selector?.matchLabels).length === 0) {
    yield refused(
      'spec.portLevelMtls',
      'portLevelMtls needs a selector: ports are those of a workload. Istio refuses the object.',
      'Add selector.matchLabels, or remove portLevelMtls.',
    );
  }
  yield* selectorProblems(spec?.selector, 'spec.selector');
}
