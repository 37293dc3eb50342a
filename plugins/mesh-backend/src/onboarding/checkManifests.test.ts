import type { Manifest } from '@meshdeck/plugin-mesh-common';
import fc from 'fast-check';
import { SHOP, shopManifests } from './__testUtils__/shop';
import { checkManifests } from './checkManifests';

type Path = (string | number)[];

/** The manifests with one field of one of them set. */
function withField(label: string, path: Path, value: unknown): Manifest[] {
  return shopManifests().map(manifest =>
    `${manifest.kind} ${manifest.metadata.name}` === label
      ? (set(manifest, path, value) as Manifest)
      : manifest,
  );
}

function set(target: any, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  const copy = Array.isArray(target) ? [...target] : { ...target };
  copy[step] = set(copy[step], rest, value);
  return copy;
}

/** The places of all maps in a value. */
function mapsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inside = Object.entries(value).flatMap(([key, part]) =>
    mapsIn(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inside : [path, ...inside];
}

const POD = ['spec', 'template', 'spec'];
const CONTAINER = [...POD, 'containers', 0];
const POD_META = ['spec', 'template', 'metadata'];

describe('checkManifests', () => {
  it('takes what the template renders, and marks each object with its entity and owner', () => {
    const checked = checkManifests(shopManifests(), SHOP);
    expect(checked).toHaveLength(8);
    for (const { kind, metadata, spec } of checked) {
      expect([kind, metadata.labels, metadata.annotations]).toEqual([
        kind,
        expect.objectContaining({ 'meshdeck.io/onboarded': 'true' }),
        expect.objectContaining({
          'meshdeck.io/entity': 'component:default/shop',
          'meshdeck.io/owner': 'group:default/team-deals',
        }),
      ]);
      expect(
        spec?.template?.metadata.annotations['meshdeck.io/entity'],
      ).toEqual(kind === 'Deployment' ? 'component:default/shop' : undefined);
    }
  });

  it.each<[label: string, path: Path, value: unknown]>([
    // Privileges.
    ['Deployment shop', [...POD, 'serviceAccountName'], 'cluster-admin'],
    ['Deployment shop', [...POD, 'serviceAccountName'], undefined],
    ['Deployment shop', [...POD, 'serviceAccount'], 'cluster-admin'],
    ['Deployment shop', [...POD, 'hostNetwork'], true],
    ['Deployment shop', [...POD, 'hostPID'], true],
    ['Deployment shop', [...POD, 'hostIPC'], true],
    ['Deployment shop', [...POD, 'hostAliases'], []],
    ['Deployment shop', [...POD, 'volumes'], [{ hostPath: { path: '/' } }]],
    ['Deployment shop', [...POD, 'initContainers'], []],
    ['Deployment shop', [...POD, 'ephemeralContainers'], []],
    ['Deployment shop', [...POD, 'imagePullSecrets'], [{ name: 'theirs' }]],
    ['Deployment shop', [...POD, 'nodeName'], 'control-plane'],
    ['Deployment shop', [...POD, 'tolerations'], [{ operator: 'Exists' }]],
    ['Deployment shop', [...POD, 'priorityClassName'], 'system-node-critical'],
    ['Deployment shop', [...POD, 'runtimeClassName'], 'none'],
    ['Deployment shop', [...POD, 'shareProcessNamespace'], true],
    ['Deployment shop', [...POD, 'securityContext'], { runAsUser: 0 }],
    ['Deployment shop', [...POD, 'securityContext'], { runAsNonRoot: false }],
    ['Deployment shop', [...POD, 'securityContext'], { sysctls: [] }],
    [
      'Deployment shop',
      [...POD, 'securityContext'],
      { seccompProfile: { type: 'Unconfined' } },
    ],
    [
      'Deployment shop-canary',
      [...CONTAINER, 'securityContext'],
      { privileged: true },
    ],
    [
      'Deployment shop-canary',
      [...CONTAINER, 'securityContext'],
      { allowPrivilegeEscalation: true },
    ],
    [
      'Deployment shop-canary',
      [...CONTAINER, 'securityContext'],
      { capabilities: { add: ['NET_ADMIN'] } },
    ],
    [
      'Deployment shop-canary',
      [...CONTAINER, 'securityContext'],
      { procMount: 'Unmasked' },
    ],
    [
      'Deployment shop',
      [...CONTAINER, 'envFrom'],
      [{ secretRef: { name: 'theirs' } }],
    ],
    [
      'Deployment shop',
      [...CONTAINER, 'env'],
      [
        {
          name: 'A',
          valueFrom: { secretKeyRef: { name: 'theirs', key: 'a' } },
        },
      ],
    ],
    ['Deployment shop', [...CONTAINER, 'volumeMounts'], []],
    ['Deployment shop', [...CONTAINER, 'volumeDevices'], []],
    ['Deployment shop', [...CONTAINER, 'lifecycle'], {}],
    ['Deployment shop', [...CONTAINER, 'command'], ['sh']],
    ['Deployment shop', [...CONTAINER, 'name'], 'istio-proxy'],
    ['Deployment shop', [...CONTAINER, 'image'], 'a image'],
    ['Deployment shop', [...CONTAINER, 'ports', 0, 'hostPort'], 80],
    [
      'Deployment shop',
      [...CONTAINER, 'resources'],
      { limits: { 'nvidia.com/gpu': 8 } },
    ],
    [
      'Deployment shop',
      [...CONTAINER, 'readinessProbe'],
      { httpGet: { host: '169.254.169.254', port: 80 } },
    ],
    [
      'Deployment shop',
      [...CONTAINER, 'livenessProbe'],
      { exec: { command: ['sh'] } },
    ],
    ['Deployment shop', ['spec', 'replicas'], 5000],
    // Annotations that are as strong as fields.
    [
      'Deployment shop',
      [...POD_META, 'annotations', 'sidecar.istio.io/userVolume'],
      '{}',
    ],
    [
      'Deployment shop',
      [...POD_META, 'annotations', 'inject.istio.io/templates'],
      'gateway',
    ],
    [
      'Deployment shop',
      [...POD_META, 'annotations', 'sidecar.istio.io/proxyImage'],
      'mine',
    ],
    [
      'ServiceAccount shop',
      ['metadata', 'annotations'],
      { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/admin' },
    ],
    ['ServiceAccount shop', ['secrets'], [{ name: 'theirs' }]],
    ['ServiceAccount shop', ['imagePullSecrets'], [{ name: 'theirs' }]],
    // Ways in.
    ['Service shop', ['spec', 'type'], 'LoadBalancer'],
    ['Service shop', ['spec', 'type'], 'NodePort'],
    ['Service shop', ['spec', 'type'], 'ExternalName'],
    ['Service shop', ['spec', 'externalName'], 'example.com'],
    ['Service shop', ['spec', 'externalIPs'], ['10.0.0.1']],
    ['Service shop', ['spec', 'clusterIP'], '10.96.0.10'],
    ['Service shop', ['spec', 'clusterIPs'], ['10.96.0.10']],
    ['Service shop', ['spec', 'loadBalancerIP'], '10.0.0.1'],
    ['Service shop', ['spec', 'ports', 0, 'nodePort'], 30080],
    ['VirtualService shop', ['spec', 'gateways'], ['istio-system/public']],
    ['VirtualService shop', ['spec', 'tcp'], []],
    ['VirtualService shop', ['spec', 'http', 0, 'delegate'], { name: 'x' }],
    ['VirtualService shop', ['spec', 'http', 0, 'redirect'], { uri: '/' }],
    [
      'VirtualService shop',
      ['spec', 'http', 0, 'mirror'],
      { host: 'payments' },
    ],
    ['VirtualService shop', ['metadata', 'namespace'], 'payments'],
    // What is somebody else's.
    ['Service shop', ['spec', 'selector'], {}],
    ['Service shop', ['spec', 'selector'], { app: 'payments' }],
    ['Service shop', ['metadata', 'name'], 'shop-admin'],
    ['Service shop', ['metadata', 'name'], 'payments'],
    ['Deployment shop', ['metadata', 'name'], 'shop-admin'],
    ['Deployment shop', ['spec', 'selector', 'matchLabels', 'app'], 'payments'],
    ['Deployment shop', [...POD_META, 'labels', 'app'], 'payments'],
    ['Deployment shop', [...POD_META, 'labels', 'tier'], 'database'],
    ['Deployment shop', [...POD_META, 'labels', 'role'], 'payments-db-client'],
    ['Deployment shop', ['metadata', 'ownerReferences'], []],
    ['Deployment shop', ['metadata', 'finalizers'], ['x']],
    ['Deployment shop', ['metadata', 'resourceVersion'], '1'],
    ['Deployment shop', ['status'], {}],
    [
      'Service shop',
      ['metadata', 'labels', 'backstage.io/kubernetes-id'],
      'payments',
    ],
    [
      'Service shop',
      ['metadata', 'annotations', 'meshdeck.io/entity'],
      'component:default/payments',
    ],
    [
      'Service shop',
      ['metadata', 'annotations', 'meshdeck.io/owner'],
      'group:default/team-pay',
    ],
    ['PeerAuthentication shop-mtls', ['spec', 'selector'], undefined],
    ['PeerAuthentication shop-mtls', ['spec', 'selector'], {}],
    [
      'PeerAuthentication shop-mtls',
      ['spec', 'selector'],
      { matchLabels: { app: 'payments' } },
    ],
    ['PeerAuthentication shop-mtls', ['spec', 'mtls', 'mode'], 'DISABLE'],
    ['AuthorizationPolicy shop-policy', ['spec', 'selector'], undefined],
    [
      'AuthorizationPolicy shop-policy',
      ['spec', 'targetRefs'],
      [{ kind: 'Gateway', name: 'public' }],
    ],
    ['AuthorizationPolicy shop-policy', ['spec', 'action'], 'CUSTOM'],
    ['DestinationRule shop', ['spec', 'host'], 'payments'],
    ['DestinationRule shop', ['spec', 'host'], '*.market.svc.cluster.local'],
    ['DestinationRule shop', ['spec', 'workloadSelector'], {}],
    ['DestinationRule shop', ['spec', 'exportTo'], ['*']],
    [
      'DestinationRule shop',
      ['spec', 'trafficPolicy', 'tls'],
      { mode: 'SIMPLE', credentialName: 'theirs' },
    ],
    ['VirtualService shop', ['spec', 'hosts'], ['payments']],
    ['VirtualService shop', ['spec', 'hosts'], ['shop', 'payments']],
    ['VirtualService shop', ['spec', 'hosts'], []],
    [
      'VirtualService shop',
      ['spec', 'http', 0, 'route', 0, 'destination', 'host'],
      'payments',
    ],
    ['VirtualService shop', ['apiVersion'], 'networking.istio.io/v1beta1'],
    ['VirtualService shop', ['kind'], 'EnvoyFilter'],
    ['VirtualService shop', ['kind'], 'constructor'],
  ])('refuses %s with %j: %j', (label, path, value) => {
    expect(() => checkManifests(withField(label, path, value), SHOP)).toThrow(
      /^(\w+ [\w-]+|There must be a \w+ shop)[: ].+\.$/,
    );
  });

  it('says which field it does not write, and what must stand there instead', () => {
    const refusal = (label: string, path: Path, value: unknown) => {
      try {
        checkManifests(withField(label, path, value), SHOP);
      } catch (error) {
        return (error as Error).message;
      }
      return 'taken';
    };
    expect([
      refusal('Deployment shop', [...CONTAINER, 'envFrom'], []),
      refusal('Service shop', ['spec', 'selector', 'app'], 'x'),
      refusal('Service shop', ['metadata', 'name'], 'shop-admin'),
      refusal('PeerAuthentication shop-mtls', ['spec', 'selector'], undefined),
    ]).toEqual([
      'Deployment shop: onboarding does not write spec.template.spec.containers.0.envFrom.',
      'Service shop: spec.selector.app: must be shop, or it would find other pods.',
      'Service shop-admin: its name must be shop.',
      'PeerAuthentication shop-mtls: spec.selector: it must select app: shop, or it would concern other services.',
    ]);
  });

  it('knows every field that it writes: any other one is refused, wherever it stands', () => {
    const places = shopManifests().flatMap(manifest =>
      mapsIn(manifest).map(path => ({ manifest, path })),
    );
    const free = /portLevelMtls$|headers$/;
    const strange = fc
      .oneof(fc.string({ minLength: 1 }), fc.constantFrom('constructor'))
      .filter(name => name !== '__proto__');
    for (const { manifest, path } of places) {
      if (free.test(path.join('.'))) {
        continue;
      }
      const label = `${manifest.kind} ${manifest.metadata.name}`;
      fc.assert(
        fc.property(strange, name => {
          const known = path.reduce((at: any, step) => at[step], manifest);
          fc.pre(!Object.hasOwn(known, name));
          expect(() =>
            checkManifests(withField(label, [...path, name], 'x'), SHOP),
          ).toThrow();
        }),
        { numRuns: 5 },
      );
    }
    expect(places.length).toBeGreaterThan(60);
  });

  it.each([
    ['Service', 'There must be a Service shop.'],
    ['ServiceAccount', 'There must be a ServiceAccount shop for the pods.'],
  ])('wants the %s', (kind, message) => {
    const rest = shopManifests().filter(manifest => manifest.kind !== kind);
    expect(() => checkManifests(rest, SHOP)).toThrow(message);
  });

  it('takes nothing twice', () => {
    const [account, ...rest] = shopManifests();
    expect(() => checkManifests([account, ...rest, account], SHOP)).toThrow(
      'ServiceAccount shop: it is there twice.',
    );
  });
});
