import {
  destinationRule,
  virtualServiceYaml,
} from '../../__fixtures__/objects';
import { markedLines } from './markedLines';

function text(yaml: string, path: string) {
  const found = markedLines(yaml, path);
  return (
    found &&
    yaml
      .split('\n')
      .slice(found.from - 1, found.to)
      .join('\n')
  );
}

describe('markedLines', () => {
  it.each([
    ['spec.http[0].timeout', '      timeout: 10s'],
    ['spec.http[2].timeout', '    - timeout: 15s'],
    ['spec.http[0].route[1].weight', '          weight: 10'],
    ['spec.hosts[1]', '    - auth.orion.example.com'],
    ['metadata.name', '  name: auth-service'],
    ['spec.gateways', '  gateways:\n    - mesh\n    - orion-gateway'],
    [
      'spec.http[0].route[1].destination',
      '        - destination:\n            host: auth-service\n            subset: canary',
    ],
  ])('finds %s', (path, lines) => {
    expect(text(virtualServiceYaml(), path)).toBe(lines);
  });

  it('finds a list that stands as far left as its key', () => {
    const yaml =
      'spec:\n  http:\n  - name: a\n  - name: b\n    timeout: 1s\n  hosts:\n  - x\n';
    expect(text(yaml, 'spec.http[1]')).toBe('  - name: b\n    timeout: 1s');
    expect(text(yaml, 'spec.hosts[0]')).toBe('  - x');
  });

  it('prefers the key that stands highest in the tree', () => {
    expect(text(destinationRule.yaml, 'spec.subsets[1].name')).toBe(
      '    - name: canary',
    );
  });

  it.each(['', 'spec.tls', 'spec.http[7]', 'spec.hosts[0].name[3]'])(
    'marks nothing for %p',
    path => {
      expect(markedLines(virtualServiceYaml(), path)).toBeUndefined();
    },
  );
});
