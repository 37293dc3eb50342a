import type { Edit } from '../findings/Mend';
import { formatDuration } from '../kube/duration';
import type { MeshObjects } from '../MeshObjects';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { editHostPolicy, portsApart } from './editHostPolicy';
import { requireDuration, type ServiceName } from './editRule';

const SIMPLE = {
  ROUND_ROBIN: 'in turn',
  LEAST_REQUEST: 'to the pod with the fewest requests',
  RANDOM: 'to a random pod',
} as const;
const MOST_TTL_MS = 7 * 24 * 3_600_000;

/** @public */
export interface BalancingAnswers {
  /** To which pod a request goes; absent: as it is now. */
  by?:
    | { simple: keyof typeof SIMPLE }
    /** Requests with the same value go to the same pod. */
    | { header: string }
    | { cookie: string; ttlMs: number }
    | { sourceIp: true };
  /** Whether pods near the caller are preferred; absent: as it is now. */
  nearFirst?: boolean;
}

/**
 * Sets by which rule callers' proxies choose a pod.
 *
 * @throws EditRefused
 * @public
 */
export function planBalancing(
  set: MeshObjects,
  service: ServiceName,
  { by, nearFirst }: BalancingAnswers,
): ChangePlan {
  if (by === undefined && nearFirst === undefined) {
    throw new EditRefused('Nothing was named that is to be changed.');
  }
  const [fields, words] = by ? chosen(by) : [undefined, undefined];
  let note = '';
  const edit = editHostPolicy(set, service, (policy, at) => {
    note = portsApart(policy);
    if (nearFirst && !policy.outlierDetection) {
      throw new EditRefused(
        'Pods near the caller are preferred only with outlier detection: without it nobody notices that they fail. Set the circuit breaker’s errors in a row first.',
      );
    }
    const place = [...at, 'loadBalancer'];
    const edits: Edit[] = [];
    if (fields) {
      edits.push(
        { at: [...place, 'simple'], value: fields.simple },
        { at: [...place, 'consistentHash'], value: fields.consistentHash },
      );
    }
    if (nearFirst !== undefined) {
      edits.push({
        at: [...place, 'localityLbSetting', 'enabled'],
        value: nearFirst,
      });
    }
    return edits;
  });
  const parts = [
    words && `Requests go ${words}.`,
    nearFirst === true && 'Pods near the caller are preferred.',
    nearFirst === false && 'Pods near the caller are not preferred.',
  ].filter(Boolean);
  return { edits: [edit], sentence: `${parts.join(' ')}${note}` };
}

function chosen(
  by: NonNullable<BalancingAnswers['by']>,
): [{ simple?: string; consistentHash?: object }, string] {
  if ('simple' in by) {
    if (!Object.hasOwn(SIMPLE, by.simple)) {
      throw new EditRefused(
        `"${
          by.simple
        }" is no way to choose a pod; expected one of ${Object.keys(
          SIMPLE,
        ).join(', ')}.`,
      );
    }
    return [{ simple: by.simple }, SIMPLE[by.simple]];
  }
  if ('header' in by) {
    requireToken('header', by.header);
    return [
      { consistentHash: { httpHeaderName: by.header } },
      `to the same pod for the same ${by.header}`,
    ];
  }
  if ('cookie' in by) {
    requireToken('cookie', by.cookie);
    requireDuration('The age of the cookie', by.ttlMs, MOST_TTL_MS);
    const httpCookie = { name: by.cookie, ttl: formatDuration(by.ttlMs) };
    return [
      { consistentHash: { httpCookie } },
      `to the same pod for the same cookie ${by.cookie}`,
    ];
  }
  return [
    { consistentHash: { useSourceIp: true } },
    'to the same pod for the same address',
  ];
}

/** A name as HTTP takes it (RFC 9110, token). @throws EditRefused */
export function requireToken(what: string, text: string): void {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(text)) {
    throw new EditRefused(`"${text.slice(0, 100)}" is no name of a ${what}.`);
  }
}
