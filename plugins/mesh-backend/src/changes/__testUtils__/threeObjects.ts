import type {
  KubeObject,
  ObjectEdit,
  PatchOperation,
} from '@meshdeck/istio-config';
import { type Change, objectIn } from '../Change';
import { virtualService, weightedService } from './weightedService';

/** Of the three objects, in the order in which they are written. */
export const NAMES = ['auth', 'auth-extra', 'auth-late'];
const TO = [{ destination: { host: 'auth' } }];

/** The service `auth`, with two of the three objects. */
export function serviceWithThree(namespace: string): KubeObject[] {
  return [
    ...weightedService(namespace, 'auth'),
    virtualService(
      { namespace, name: 'auth-late' },
      {
        hosts: [`late.${namespace}.example.com`],
        http: [{ timeout: '1s', route: TO }],
      },
    ),
  ];
}

export function refsOf(namespace: string) {
  return NAMES.map(name => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace,
    name,
  }));
}

/** The one that is made. */
export function extra(namespace: string, timeout: string): KubeObject {
  return virtualService(
    { namespace, name: 'auth-extra' },
    {
      hosts: [`extra.${namespace}.example.com`],
      http: [{ timeout, route: TO }],
    },
  );
}

const setTimeoutTo = (rule: number, value: string): PatchOperation => ({
  op: 'add',
  at: ['spec', 'http', rule, 'timeout'],
  value,
});

/** One that is there is changed, one is made, and another one is changed. */
export function editsOfThree(
  namespace: string,
  find: (ref: {
    kind: string;
    namespace: string;
    name: string;
  }) => KubeObject | undefined,
): ObjectEdit[] {
  const [auth, , late] = refsOf(namespace).map(find);
  return [
    {
      action: 'change',
      before: auth!,
      operations: [setTimeoutTo(1, '2s')],
    },
    { action: 'create', object: extra(namespace, '2s') },
    {
      action: 'change',
      before: late!,
      operations: [
        { op: 'test', at: ['spec', 'http', 0, 'timeout'], value: '1s' },
        setTimeoutTo(0, '2s'),
      ],
    },
  ];
}

export function changeOfThree(namespace: string): Change {
  return {
    mayCreate: true,
    needs: ['VirtualService'],
    targets: () => refsOf(namespace),
    restsOn: () => [],
    plan: set => ({
      edits: editsOfThree(namespace, ref =>
        objectIn(set, { apiVersion: '', ...ref }),
      ),
      sentence: 'Three objects become others.',
    }),
  };
}
