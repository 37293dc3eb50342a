import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { injectRequired } from './injectRequired';

const FILE = join(
  __dirname,
  '../../../../../shared/fixtures/istio-rules/injection.json',
);
const isHere = existsSync(FILE);

/** The fixtures write `selector: foo` for "has the label foo". */
const toSelector = (selector: any) =>
  selector.selector
    ? {
        matchExpressions: [{ key: selector.selector, operator: 'Exists' }],
      }
    : selector;

(isHere ? describe : describe.skip)(
  `Istio's injection cases${isHere ? '' : ` (skipped: ${FILE} is absent)`}`,
  () => {
    const cases: any[] = isHere ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
    it.each(
      cases.map((one, index): [string, any] => [`${index} ${one.name}`, one]),
    )('%s', (_name, one) => {
      const { injects, reason } = injectRequired(
        {
          policy: one.policy,
          alwaysInjectSelector: one.alwaysInjectSelector.map(toSelector),
          neverInjectSelector: one.neverInjectSelector.map(toSelector),
        },
        {
          namespace: one.namespace,
          hostNetwork: one.hostNetwork,
          metadata: { labels: one.labels, annotations: one.annotations },
        },
      );
      expect([injects, reason]).toEqual([one.expected, expect.any(String)]);
    });
  },
);

describe('injectRequired', () => {
  it.each([
    ['the host network', { namespace: 'a', hostNetwork: true }],
    ['a namespace of Kubernetes', { namespace: 'kube-system' }],
  ])('never injects on %s', (_name, pod) => {
    expect(injectRequired({ policy: 'enabled' }, pod).injects).toBe(false);
  });
});
