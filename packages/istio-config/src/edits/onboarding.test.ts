import { evaluateAccess } from '../authorization/evaluateAccess';
import { findings } from '../findings/findings';
import { effectiveMtls } from '../mtls/effectiveMtls';
import { MeshObjects } from '../MeshObjects';
import { effectiveRoutes } from '../routes/effectiveRoutes';
import { matchRequest } from '../routes/matchRequest';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import type { KubeObject } from '../kube/KubeObject';
import { afterOf } from './ChangePlan';
import { planOnboarding } from './onboarding';
import { toJsonPatch } from './PatchOperation';
import { undoOf } from './undo';
import { type OnboardingAnswers, onboardingObjects } from './onboardingObjects';

const ANSWERS: OnboardingAnswers = {
  name: 'pricing-service',
  namespace: 'autolytiq',
  owner: 'group:default/team-deals',
  system: 'autolytiq',
  image: 'ghcr.io/autolytiq/pricing:1.0.0',
  port: 8090,
  replicas: 2,
  callerNamespaces: ['autolytiq'],
  withCanary: true,
};

/** The rendered objects, with a ready pod for each Deployment. */
function rendered(answers: Partial<OnboardingAnswers> = {}) {
  const objects = onboardingObjects({ ...ANSWERS, ...answers });
  const pods = objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...spec.template.metadata,
        name: `${metadata.name}-pod`,
        namespace: metadata.namespace,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
        ],
      },
      spec: {
        ...spec.template.spec,
        containers: [...spec.template.spec.containers, { name: 'istio-proxy' }],
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
  return { objects, set: MeshObjects.create([...objects, ...pods]) };
}

describe('onboardingObjects', () => {
  it('renders account, access, pods, Service, resilience, routes and, last, mTLS', () => {
    expect(
      rendered().objects.map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      ),
    ).toEqual([
      'ServiceAccount pricing-service',
      'AuthorizationPolicy pricing-service-policy',
      'Deployment pricing-service',
      'Deployment pricing-service-canary',
      'Service pricing-service',
      'DestinationRule pricing-service',
      'VirtualService pricing-service',
      'PeerAuthentication pricing-service-mtls',
    ]);
  });

  it.each([true, false])(
    'gives Istio nothing to complain about (canary: %s)',
    withCanary => {
      expect(findings(rendered({ withCanary }).set)).toEqual([]);
    },
  );

  it('does what the document asks for, by Istio’s rules', () => {
    const { set } = rendered();
    const workload = {
      namespace: 'autolytiq',
      labels: { app: 'pricing-service', version: 'stable' },
    };
    expect(effectiveMtls(set, workload, 8090)).toMatchObject({
      mode: 'STRICT',
      decidedBy: { name: 'pricing-service-mtls' },
    });
    const may = (namespace: string, path: string, method = 'GET') =>
      evaluateAccess(set, workload, {
        principal: `cluster.local/ns/${namespace}/sa/x`,
        port: 8090,
        method,
        path,
      }).allowed;
    expect(may('autolytiq', '/api/prices', 'POST')).toBe(true);
    expect(may('orion', '/api/prices')).toBe(false);
    expect(may('monitoring', '/metrics')).toBe(true);
    expect(may('monitoring', '/api/prices')).toBe(false);
    const routes = effectiveRoutes(set, {
      namespace: 'autolytiq',
      service: 'pricing-service',
      from: { type: 'mesh', namespace: 'autolytiq' },
    });
    const subsetFor = (headers: Record<string, string>) =>
      matchRequest(routes, { method: 'GET', path: '/', headers }).rule
        ?.destinations[0].subset;
    expect(subsetFor({ 'x-canary': 'true' })).toBe('canary');
    expect(subsetFor({})).toBe('stable');
  });

  it('binds the Service to the new entity and its owner', () => {
    const service = rendered().objects.find(({ kind }) => kind === 'Service');
    expect(service?.metadata.annotations).toEqual({
      'meshdeck.io/entity': 'component:default/pricing-service',
      'meshdeck.io/owner': 'group:default/team-deals',
      'meshdeck.io/system': 'autolytiq',
    });
  });
});

/** Every place in a value, and what stands there where that is no map or list. */
function leavesOf(value: unknown, at = ''): [string, unknown][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) =>
        leavesOf(part, `${at}/${key}`),
      )
    : [[at, value]];
}

/** As an API server has it: with defaults, and with what others wrote beside it. */
function stored(object: KubeObject): KubeObject {
  const copy: KubeObject = structuredClone(object);
  copy.metadata.uid = `uid of ${object.kind} ${object.metadata.name}`;
  copy.metadata.annotations = { ...copy.metadata.annotations, theirs: 'x' };
  if (copy.kind === 'Deployment') {
    copy.spec.revisionHistoryLimit = 10;
    copy.spec.template.spec.restartPolicy = 'Always';
    copy.spec.template.spec.containers[0].imagePullPolicy = 'IfNotPresent';
  }
  if (copy.kind === 'Service') {
    copy.spec.clusterIP = '10.96.0.7';
  }
  return copy;
}

const OTHERS: Partial<OnboardingAnswers>[] = [
  { replicas: 3 },
  { image: 'ghcr.io/autolytiq/pricing:2.0.0' },
  { port: 9000 },
  { withCanary: false },
  { callerNamespaces: ['autolytiq', 'orion'] },
  { description: 'Says what a car costs', system: 'cars' },
];

describe('planOnboarding', () => {
  const all = () => planOnboarding([], ANSWERS);

  it('creates what is not there, in order, each with the marks of its entity and owner', () => {
    const { edits, objects, sentence } = all();
    expect(sentence).toBe('Brought pricing-service into the mesh: 8 objects.');
    expect(edits).toEqual(
      objects.map(object => ({ action: 'create', object })),
    );
    for (const { kind, metadata, spec } of objects) {
      const entity = 'component:default/pricing-service';
      expect([kind, metadata]).toEqual([
        kind,
        expect.objectContaining({
          labels: expect.objectContaining({ 'meshdeck.io/onboarded': 'true' }),
          annotations: expect.objectContaining({
            'meshdeck.io/entity': entity,
            'meshdeck.io/owner': 'group:default/team-deals',
          }),
        }),
      ]);
      expect(spec?.template?.metadata.annotations['meshdeck.io/entity']).toBe(
        kind === 'Deployment' ? entity : undefined,
      );
    }
  });

  it('leaves out what is there and says what is wanted, whatever else it says', () => {
    const there = all().objects.map(stored);
    expect(planOnboarding(there, ANSWERS)).toMatchObject({
      edits: [],
      sentence: 'pricing-service is in the mesh already, just so.',
    });
    const { edits, sentence } = planOnboarding(there.slice(0, -2), ANSWERS);
    expect(edits.map(({ action }) => action)).toEqual(['create', 'create']);
    expect(sentence).toBe('Brought pricing-service into the mesh: 2 objects.');
  });

  it.each(OTHERS)(
    'changes only what %j means, and undone, all is as it was',
    others => {
      const there = all().objects.map(stored);
      const { edits } = planOnboarding(there, { ...ANSWERS, ...others });
      expect(edits.length).toBeGreaterThan(0);
      const after = new Map(
        edits.map(edit => [
          'before' in edit ? edit.before.metadata.uid : '',
          afterOf(edit)!,
        ]),
      );
      for (const edit of edits) {
        if (edit.action !== 'change') {
          throw new Error('Nothing is to be created');
        }
        const judged = structuredClone(edit.before);
        expect(
          applyPatch(judged, toJsonPatch(edit.operations) as any[]),
        ).toEqual(edit.operations.map(() => null));
        expect(judged).toEqual(afterOf(edit));
        expect(afterOf(undoOf(edit, afterOf(edit)))).toEqual(edit.before);
      }
      const now = there.map(
        object => after.get(object.metadata.uid!) ?? object,
      );
      expect(planOnboarding(now, { ...ANSWERS, ...others }).edits).toEqual([]);
      // What others wrote and the server filled in is still there.
      for (const object of now) {
        expect(object.metadata.annotations?.theirs).toBe('x');
      }
    },
  );

  it('lets no answer be more than a value, whatever it is', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const known = leavesOf(all().objects);
    fc.assert(
      fc.property(
        fc.record({
          name: text,
          namespace: text,
          owner: text,
          image: text,
          callerNamespaces: fc.array(text, { minLength: 1, maxLength: 1 }),
        }),
        answers => {
          const { objects } = planOnboarding([], { ...ANSWERS, ...answers });
          expect(leavesOf(objects).map(([place]) => place)).toEqual(
            known.map(([place]) => place),
          );
          for (const { metadata, spec } of objects) {
            expect(metadata.namespace).toBe(answers.namespace);
            expect(
              ['', '-canary', '-mtls', '-policy'].map(
                suffix => `${answers.name}${suffix}`,
              ),
            ).toContain(metadata.name);
            const selector = spec?.selector?.matchLabels ?? spec?.selector;
            expect(selector?.app ?? answers.name).toBe(answers.name);
          }
        },
      ),
    );
  });

  it('lets nobody in from everywhere where no callers are named', () => {
    const { objects } = planOnboarding([], {
      ...ANSWERS,
      callerNamespaces: [],
    });
    const policy = objects.find(({ kind }) => kind === 'AuthorizationPolicy');
    expect(policy?.spec.rules[0].from).toEqual([
      { source: { namespaces: ['autolytiq'] } },
    ]);
  });
});
