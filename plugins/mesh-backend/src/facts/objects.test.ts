import type { KubeObject } from '@meshdeck/istio-config';
import { parse } from 'yaml';
import { yamlOf } from './objects';

const rule = (...values: string[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: 'shop', name: 'cart', uid: 'u', generation: 3 },
  spec: { values },
  status: { observedGeneration: 3 },
});

describe('the text of an object', () => {
  it('has what a person wrote, and nothing that the API server adds', () => {
    expect(yamlOf(rule('a'))).toBe(
      [
        'apiVersion: networking.istio.io/v1',
        'kind: VirtualService',
        'metadata:',
        '  name: cart',
        '  namespace: shop',
        'spec:',
        '  values:',
        '    - a',
        '',
      ].join('\n'),
    );
  });

  it.each(['yes', 'no', 'on', 'off', 'y', 'n', '0777', '1:20', '1_000', '~'])(
    'quotes %s, which other programs would take for something else than text',
    value => {
      expect(yamlOf(rule(value))).toMatch(new RegExp(`- ["']${value}["']\n`));
      const read = parse(yamlOf(rule(value)), { version: '1.1' });
      expect(read.spec).toEqual({ values: [value] });
    },
  );
});
