import { setFromYaml } from '../setFromYaml';
import { findingsFor } from '../findings/findings';
import type { MeshObjects } from '../MeshObjects';
import {
  afterOf,
  type ChangePlan,
  type ObjectEdit,
  objectOf,
} from './ChangePlan';
import { planConditionalRoute } from './conditionalRoute';
import { planMirror } from './mirrorTraffic';
import { planPeerMode } from './peerMode';
import { versionsOf } from './versions';
import {
  CART,
  workload,
  BASE,
  setOf,
  route,
  HTTP,
  toCart,
} from './__testUtils__/cart';

describe('changes of several objects', () => {
  const versioned = workload('cart-v3', ', version: v3');
  const dr = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { namespace: shop, name: cart }
spec: { host: cart, ${spec} }`;
  const without = BASE.replace(/---\napiVersion: networking[^]*?\n---/, '---');
  const onV3 = (set: MeshObjects) =>
    planConditionalRoute(set, CART, {
      rule: HTTP,
      on: { header: 'x-beta', value: '1' },
      subset: 'v3',
    });
  const pod = `
---
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: cart-v1-1, labels: { app: cart, name: cart-v1 } }
spec: { containers: [{ name: app }, { name: istio-proxy }] }
`;
  const strict = (set: MeshObjects) =>
    planPeerMode(set, CART, { scope: 'workload', mode: 'STRICT' });
  const open = route('VirtualService', toCart);
  const V3 = { name: 'v3', labels: { version: 'v3' } };

  it.each<
    [string, MeshObjects, (set: MeshObjects) => ChangePlan, string[], object]
  >([
    [
      'a version that pods have and no subset takes is defined before a rule names it',
      setOf(`${versioned}---${open}`),
      onV3,
      ['DestinationRule', 'VirtualService'],
      { host: 'cart', subsets: [{ name: 'v1' }, { name: 'v2' }, V3] },
    ],
    [
      'where nothing defines versions, a DestinationRule is made',
      setFromYaml(`${without}\n---\n${versioned}---${open}`),
      set =>
        planMirror(set, CART, { rule: HTTP, to: { subset: 'v3', percent: 5 } }),
      ['DestinationRule', 'VirtualService'],
      { host: 'cart.shop.svc.cluster.local', subsets: [V3] },
    ],
    [
      'callers are told no more to send plaintext before pods take mTLS only',
      setFromYaml(
        `${without}\n---\n${dr(
          'trafficPolicy: { tls: { mode: DISABLE } }, subsets: [{ name: v1, trafficPolicy: { tls: { mode: DISABLE }, loadBalancer: { simple: RANDOM } } }]',
        )}${pod}`,
      ),
      strict,
      ['DestinationRule', 'PeerAuthentication'],
      {
        host: 'cart',
        subsets: [
          { name: 'v1', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
        ],
      },
    ],
    [
      'nor mTLS before they take plaintext only',
      setFromYaml(
        `${without}\n---\n${dr(
          'trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }',
        )}${pod}`,
      ),
      set => planPeerMode(set, CART, { scope: 'workload', mode: 'DISABLE' }),
      ['DestinationRule', 'PeerAuthentication'],
      { host: 'cart' },
    ],
  ])('%s', (_name, set, plan, kinds, spec) => {
    const { edits, sentence } = plan(set);
    expect(edits.map(edit => objectOf(edit).kind)).toEqual(kinds);
    expect(sentence).toMatch(/ Before that, DestinationRule shop\/cart /);
    const [first] = edits;
    expect(afterOf(first)?.spec).toEqual(spec);
    // What is wrong in between, was wrong before or is wrong after.
    const wrong = (made: readonly ObjectEdit[]) =>
      findingsFor(
        set.with(
          made.map(edit => ({ type: 'put', object: afterOf(edit)! } as const)),
        ),
        'shop',
        'cart',
      )
        .filter(({ level }) => level === 'error')
        .map(({ code, message }) => `${code} ${message}`);
    const known = [...wrong([]), ...wrong(edits)];
    expect(wrong([first]).filter(each => !known.includes(each))).toEqual([]);
    // The other way round there is such a moment, or the order would be of no matter.
    expect(wrong([edits[1]]).filter(each => !known.includes(each))).not.toEqual(
      [],
    );
  });

  it('offers the versions that are defined, then those that only pods have', () => {
    const set = setOf(
      `${versioned}${workload('cart-old', ', version: 1.2_a')}${workload(
        'cart-v2',
        ', version: v2',
      )}`,
    );
    expect(versionsOf(set, CART)).toEqual(['v1', 'v2', 'v3']);
  });
});
