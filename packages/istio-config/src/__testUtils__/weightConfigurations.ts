import fc from 'fast-check';
import type { KubeObject } from '../kube/KubeObject';
import { perhaps } from './routeParts';

const SUBSETS = ['stable', 'canary', 'beta'];
const HOST = 'auth.one.svc.cluster.local';

const destination = fc.record(
  {
    host: fc.constantFrom('auth', HOST, HOST, HOST),
    subset: fc.constantFrom(...SUBSETS),
    port: perhaps(fc.constantFrom({ number: 80 }, { number: 8080 })),
    unknown: perhaps(fc.constant({ weight: 7 })),
  },
  { noNullPrototype: true },
);

const entry = fc.record(
  {
    destination,
    weight: fc.oneof(
      fc.constant(undefined),
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom(0, 1, 3, 29, 71, 100),
    ),
    headers: perhaps(
      fc.constant({ request: { set: { weight: '1', 'x/y~z': 'v' } } }),
    ),
  },
  { noNullPrototype: true },
);

/** Mostly what can be split, now and then what cannot: another host, no subset, one subset twice. */
const route = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.uniqueArray(entry, {
      minLength: 1,
      maxLength: 3,
      selector: ({ destination: { subset } }) => subset,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<any[]>(
      [{ destination: { host: 'other.one.svc.cluster.local' } }],
      [{ destination: { host: HOST } }],
      [
        { destination: { host: HOST, subset: 'stable' }, weight: 1 },
        { destination: { host: HOST, subset: 'stable' }, weight: 2 },
      ],
      [{ destination: { host: HOST, subset: 'gone' } }],
    ),
  },
);

const match = fc.record(
  {
    uri: perhaps(fc.constantFrom({ prefix: '/' }, { prefix: '/login' })),
    headers: perhaps(fc.constant({ 'x-canary': { exact: 'true' } })),
    gateways: perhaps(
      fc.constantFrom(['mesh'], ['one/gateway'], ['mesh', 'one/gateway']),
    ),
    sourceNamespace: perhaps(fc.constantFrom('one', 'two')),
    port: perhaps(fc.constantFrom(80, 8080)),
  },
  { noNullPrototype: true },
);

const beside = {
  name: perhaps(fc.constantFrom('login', 'all')),
  match: perhaps(fc.array(match, { minLength: 1, maxLength: 2 })),
  retries: perhaps(fc.constant({ attempts: 2, retryOn: '5xx' })),
  mirrors: perhaps(
    fc.constant([
      { destination: { host: HOST, subset: 'beta' }, percentage: { value: 5 } },
    ]),
  ),
  'x-unknown': perhaps(fc.constant({ route: [{ weight: 1 }, null] })),
};
const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ ...beside, ...fields }, { noNullPrototype: true });

const ownRule = fc.oneof(
  { weight: 6, arbitrary: some({ route }) },
  { weight: 1, arbitrary: some({ redirect: fc.constant({ uri: '/new' }) }) },
);
const delegating = some({
  delegate: fc.record(
    {
      name: fc.constantFrom('part-0', 'part-1', 'part-2'),
      namespace: fc.constantFrom(undefined, 'one', 'two'),
    },
    { noNullPrototype: true },
  ),
});

const metadata = (prefix: string) =>
  fc.record({
    name: fc.nat({ max: 2 }).map(number => `${prefix}-${number}`),
    namespace: fc.constantFrom('one', 'one', 'two'),
    creationTimestamp: fc.constantFrom(
      '2026-01-01T00:00:00Z',
      '2026-02-01T00:00:00Z',
      '2026-03-01T00:00:00Z',
    ),
  });
const listOf = (prefix: string, spec: fc.Arbitrary<unknown>, least: number) =>
  fc.uniqueArray(fc.record({ metadata: metadata(prefix), spec }), {
    minLength: least,
    maxLength: 3,
    selector: ({ metadata: { name, namespace } }) => `${namespace}/${name}`,
  });

const roots = listOf(
  'root',
  fc.record(
    {
      hosts: fc.constantFrom(
        [HOST],
        ['other.one.svc.cluster.local', HOST],
        ['*.one.svc.cluster.local'],
      ),
      gateways: fc.constantFrom(
        undefined,
        ['mesh'],
        ['one/gateway', 'mesh'],
        ['one/gateway'],
      ),
      http: fc.array(
        fc.oneof(
          { weight: 2, arbitrary: ownRule },
          { weight: 1, arbitrary: delegating },
        ),
        { minLength: 1, maxLength: 5 },
      ),
      tcp: perhaps(fc.constant([{ route: [{ destination: { host: HOST } }] }])),
    },
    { noNullPrototype: true },
  ),
  1,
);
const delegates = listOf(
  'part',
  fc.record({ http: fc.array(ownRule, { minLength: 1, maxLength: 4 }) }),
  0,
);

function other(kind: string, apiVersion: string, name: string, spec: object) {
  return { apiVersion, kind, metadata: { name, namespace: 'one' }, spec };
}

/**
 * A Service with versions, and VirtualServices that contend for it, delegate, and filter by gateway. Each HTTP rule has a
 * timeout of its own, by which a test knows it again wherever it turns up.
 */
export const weightConfigurations: fc.Arbitrary<KubeObject[]> = fc
  .tuple(roots, delegates, fc.integer({ min: 1, max: 3 }))
  .map(([first, second, versions]) => {
    let number = 1000;
    const written = [...first, ...second].map(({ metadata: meta, spec }) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { ...meta, resourceVersion: '7' },
      spec: {
        ...(spec as { http: object[] }),
        http: (spec as { http: object[] }).http.map(rule => ({
          ...rule,
          timeout: `${number++}ms`,
        })),
      },
    }));
    const subsets = SUBSETS.slice(0, versions).map(name => ({
      name,
      labels: { version: name },
    }));
    return JSON.parse(
      JSON.stringify([
        other('Service', 'v1', 'auth', { ports: [{ port: 80 }] }),
        other('Service', 'v1', 'other', { ports: [{ port: 80 }] }),
        other('DestinationRule', 'networking.istio.io/v1', 'auth', {
          host: 'auth',
          subsets,
        }),
        ...written,
      ]),
    );
  });
