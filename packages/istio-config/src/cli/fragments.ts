import { isMap } from '../kube/reading';
import { camel, Shape, shapeOf } from '../findings/schema/shapes';

/** A piece of an object that was written without the rest, completed so that it can be judged. */
export interface Fragment {
  object: {
    apiVersion: string;
    kind: string;
    metadata: Record<string, unknown>;
    spec?: unknown;
  };
  /** Where in the object the piece stands, as `spec.http[0]`; empty where it is the object itself. */
  within: string;
}

const API: Record<string, string> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  Deployment: 'apps/v1',
  DestinationRule: 'networking.istio.io/v1',
  Gateway: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  PrometheusRule: 'monitoring.coreos.com/v1',
  RequestAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
};

/** Parts of Istio's objects that people write alone, the likelier first. */
const PARTS: readonly [kind: string, within: string][] = [
  ['VirtualService', 'spec.http[0]'],
  ['DestinationRule', 'spec.trafficPolicy'],
  ['Telemetry', 'spec.tracing[0]'],
  ['VirtualService', 'spec'],
  ['DestinationRule', 'spec'],
  ['PeerAuthentication', 'spec'],
  ['AuthorizationPolicy', 'spec'],
  ['RequestAuthentication', 'spec'],
  ['Gateway', 'spec'],
  ['ServiceEntry', 'spec'],
  ['Telemetry', 'spec'],
  ['Sidecar', 'spec'],
];

/** Fields that say nothing about where a piece belongs. */
const COMMON = new Set(
  'name namespace host hosts port ports labels selector mode number action exportTo location addresses'.split(
    ' ',
  ),
);

/** The objects that a document without apiVersion and kind is a piece of; none where it is no piece of Istio's objects. */
export function fragmentsOf(body: unknown): Fragment[] {
  if (Array.isArray(body)) {
    return body.length > 0 && body.every(item => isMap(item) && item.alert)
      ? [piece('PrometheusRule', 'spec.groups[0].rules', body)]
      : [];
  }
  if (
    !isMap(body) ||
    body.apiVersion !== undefined ||
    body.kind !== undefined
  ) {
    return [];
  }
  const keys = Object.keys(body);
  const only = (...allowed: string[]) =>
    keys.length > 0 && keys.every(key => allowed.includes(key));
  if (only('annotations') && isMap(body.annotations)) {
    return [piece('Deployment', 'spec.template.metadata', body)];
  }
  if (only('metadata') && isMap(body.metadata)) {
    return [piece('Deployment', 'spec.template', body)];
  }
  if (only('resources') && isMap(body.resources)) {
    return [piece('Deployment', 'spec.template.spec.containers[0]', body)];
  }
  if (only('metadata', 'spec') && isMap(body.spec)) {
    return ofSpec(body.spec, body.metadata);
  }
  return ofParts(body);
}

function ofSpec(spec: Record<string, any>, metadata: unknown): Fragment[] {
  const kind = isMap(spec.template)
    ? 'Deployment'
    : best(
        Object.keys(spec),
        PARTS.filter(([, within]) => within === 'spec'),
        () => true,
      )?.[0];
  return kind
    ? [
        {
          object: {
            apiVersion: API[kind],
            kind,
            metadata: isMap(metadata) ? metadata : {},
            spec,
          },
          within: '',
        },
      ]
    : [];
}

/** Shares the fields of a document out among the parts that know most of them. */
function ofParts(body: Record<string, any>): Fragment[] {
  const keys = Object.keys(body);
  const known = keys.filter(key => PARTS.some(part => knows(part, key)));
  if (known.length * 2 < keys.length || known.every(key => COMMON.has(key))) {
    return [];
  }
  const result: Fragment[] = [];
  let rest = keys;
  while (rest.length > 0) {
    const part = best(rest, PARTS, key => !COMMON.has(key));
    if (!part) {
      break;
    }
    // What no part knows goes with the likeliest, whose schema then says so.
    const own = rest.filter(
      key => knows(part, key) || (result.length === 0 && !known.includes(key)),
    );
    result.push(
      piece(...part, Object.fromEntries(own.map(key => [key, body[key]]))),
    );
    rest = rest.filter(key => !own.includes(key));
  }
  return result;
}

function best(
  keys: readonly string[],
  parts: typeof PARTS,
  counts: (key: string) => boolean,
) {
  const score = (part: (typeof PARTS)[number]) =>
    keys.filter(key => counts(key) && knows(part, key)).length;
  const [first] = [...parts].sort((a, b) => score(b) - score(a));
  return first && score(first) > 0 ? first : undefined;
}

function knows([kind, within]: (typeof PARTS)[number], key: string): boolean {
  let shape: Shape | undefined = shapeOf(kind);
  for (const step of within.split('.').slice(1)) {
    const field = step.replace('[0]', '');
    shape = shape?.type === 'object' ? shape.fields.get(field) : undefined;
    if (step.endsWith('[0]')) {
      shape = shape?.type === 'list' ? shape.of : undefined;
    }
  }
  return (
    shape?.type === 'object' &&
    (shape.fields.has(key) || shape.fields.has(camel(key)))
  );
}

function piece(kind: string, within: string, body: unknown): Fragment {
  const steps = within.split('.');
  const spec = steps.slice(1).reduceRight((value: unknown, step) => {
    const field = step.replace('[0]', '');
    return { [field]: step.endsWith('[0]') ? [value] : value };
  }, body);
  return {
    object: { apiVersion: API[kind], kind, metadata: {}, spec },
    within,
  };
}
