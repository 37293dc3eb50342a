import { findings, MeshObjects, type KubeObject } from '@meshdeck/istio-config';
import { type AnyObject, Refused } from '../KubeApi';
import type { MeshHandle } from '../MeshHandle';
import { until } from '../until';
import { NAMESPACE, wellFormedObjects } from './wellFormed';

/** Says that the API server or Istio's webhook refuses an object. */
const REFUSED = 'IST0106';
/** Says that the API server drops a field or refuses the object; which of both depends on what is left of it. */
const UNKNOWN_FIELD = 'MD0105';
const AT_ONCE = 8;
const TRIES = 3;

const WEBHOOKS = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
};
const FOR_ALL = 'istio-validator-for-all';

/** What the API server with Istio's webhook says of an object, and what we say. */
export interface Verdict {
  object: AnyObject;
  /** Undefined where it takes the object. */
  server: string | undefined;
  ours: string[];
}

export function agrees({ server, ours }: Verdict): boolean {
  return server === undefined
    ? ours.every(said => !said.startsWith(REFUSED))
    : ours.length > 0;
}

/** Judges objects in turn; none of them is written. */
export async function judgeAll(
  mesh: MeshHandle,
  objects: readonly AnyObject[],
): Promise<Verdict[]> {
  await validateAll(mesh);
  const verdicts: Verdict[] = [];
  for (let at = 0; at < objects.length; at += AT_ONCE) {
    verdicts.push(
      ...(await Promise.all(
        objects.slice(at, at + AT_ONCE).map(object => judge(mesh, object)),
      )),
    );
  }
  return verdicts;
}

function oursOf(object: AnyObject): string[] {
  return findings(MeshObjects.create([object as unknown as KubeObject]))
    .filter(({ code }) => code === REFUSED || code === UNKNOWN_FIELD)
    .map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

async function judge(
  mesh: MeshHandle,
  object: AnyObject,
  triesLeft = TRIES,
): Promise<Verdict> {
  const ours = oursOf(object);
  try {
    await mesh.api.create(object, { dryRun: true });
    return { object, ours, server: undefined };
  } catch (error) {
    if (error instanceof Refused) {
      return { object, ours, server: error.message };
    }
    // The server closes a connection now and then, as it may; nothing was judged.
    if (triesLeft > 0) {
      return judge(mesh, object, triesLeft - 1);
    }
    throw error;
  }
}

/** Istio's own webhook looks at objects of its revision only, and lets pass what it cannot judge; this copy judges all. */
async function validateAll(mesh: MeshHandle): Promise<void> {
  await mesh.api.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
  const configurations = await mesh.api.list(
    WEBHOOKS.apiVersion,
    WEBHOOKS.kind,
  );
  const own = configurations.find(
    ({ metadata }) => metadata.name !== FOR_ALL && /^istio/.test(metadata.name),
  );
  const [hook] = own?.webhooks as Record<string, unknown>[];
  await mesh.api.apply({
    ...WEBHOOKS,
    metadata: { name: FOR_ALL },
    webhooks: [
      {
        ...hook,
        name: 'all.validation.istio.io',
        failurePolicy: 'Fail',
        objectSelector: {},
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE },
        },
      },
    ],
  });
  const [nonsense] = wellFormedObjects();
  nonsense.spec = { hosts: ['*'], http: nonsense.spec.http };
  await until(
    'the webhook judges',
    30_000,
    async () => (await judge(mesh, nonsense)).server,
  );
}
