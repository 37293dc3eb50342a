import { parseAllDocuments } from 'yaml';
import { flattenLists } from '../kube/flattenLists';
import { placeInYaml } from './placeInYaml';
import { readQuickly } from './readQuickly';

const PLAIN = `# first
apiVersion: v1
kind: Service
metadata: {name: a, labels: {yes: no, on: "1", date: 2024-01-02, time: 12:30}}
spec:
  ports: [{port: 80, weight: 1.5, exp: 1e3, not: ~, none: , host: "*"}]
---
# nothing
---
kind: ConfigMap
data:
  text: |
    a
     ---
    b
  folded: >-
    a
    b
`;

describe('reading values before places', () => {
  it('reads what the reader of places reads', () => {
    expect(readQuickly(PLAIN, 'a')?.map(({ object }) => object)).toEqual(
      parseAllDocuments(PLAIN).flatMap(document =>
        flattenLists(document.toJS()),
      ),
    );
  });

  it('finds the line in the whole text', () => {
    const [service, map] = readQuickly(PLAIN, 'a') ?? [];
    expect(placeInYaml(service, 'spec.ports[0].port')).toBe(6);
    expect(placeInYaml(map, 'data.folded')).toBe(16);
  });

  it.each([
    'a: &x 1\nb: *x',
    'a: !!str 1',
    '%YAML 1.2\n---\na: 1',
    'a: 0777',
    'a: 0x1f',
    'a: 1_000',
    'a: {{ b }}',
    'a: 1\na: 2',
    'a: [',
    'a:\n\tb: 1',
    'kind: List\nitems: [{kind: Pod}]',
  ])('leaves %j to it', text => {
    expect(readQuickly(text, 'a')).toBeUndefined();
  });
});
