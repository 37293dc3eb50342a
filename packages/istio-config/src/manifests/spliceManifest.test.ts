import { load, loadAll } from 'js-yaml';
import { lineDifference } from '../__testUtils__/lineDifference';
import {
  changing,
  liveFrom,
  replacing,
  REVIEWS,
  REVIEWS_HEAD,
} from '../__testUtils__/reviewsManifest';
import type { PatchOperation } from '../edits/PatchOperation';
import type { KubeObject } from '../kube/KubeObject';
import { placeOf } from '../kube/place';
import { spliceManifest } from './spliceManifest';

const add = (path: string, value: unknown): PatchOperation => ({
  op: 'add',
  at: placeOf(path),
  value,
});
const remove = (path: string): PatchOperation => ({
  op: 'remove',
  at: placeOf(path),
});

interface Case {
  name: string;
  file?: string;
  operations: PatchOperation[];
  lines: string[];
}

const CASES: Case[] = [
  {
    name: 'a number keeps the comment behind it',
    operations: [replacing('spec.http[0].route[0].weight', 80)],
    lines: [
      '-          weight: 90   # most of it',
      '+          weight: 80   # most of it',
    ],
  },
  {
    name: 'a text keeps its quotes',
    operations: [replacing('spec.http[0].timeout', '7s')],
    lines: ["-      timeout: '5s'", "+      timeout: '7s'"],
  },
  {
    name: 'a new field stands at the end of its map',
    operations: [add('spec.http[0].retries', { attempts: 3 })],
    lines: ['+      retries:', '+        attempts: 3'],
  },
  {
    name: 'a new field in a map on one line',
    operations: [add('spec.http[0].route[1].destination.port', { number: 80 })],
    lines: [
      '-        - destination: {host: reviews, subset: v2}',
      '+        - destination: {host: reviews, subset: v2, port: {number: 80}}',
    ],
  },
  {
    name: 'a field goes with its line',
    operations: [remove('spec.http[0].timeout')],
    lines: ["-      timeout: '5s'"],
  },
  {
    name: 'the first field of an item goes, and the next one takes its line',
    operations: [remove('spec.http[0].route[1].destination')],
    lines: [
      '-        - destination: {host: reviews, subset: v2}',
      '-          weight: 10',
      '+        - weight: 10',
    ],
  },
  {
    name: 'an item goes',
    operations: [remove('spec.http[0].route[1]')],
    lines: [
      '-        - destination: {host: reviews, subset: v2}',
      '-          weight: 10',
    ],
  },
  {
    name: 'an item comes before the first, above its comment',
    operations: [
      add('spec.http[0]', {
        match: [{ uri: { exact: '/' } }],
        route: [{ destination: { host: 'reviews' } }],
      }),
    ],
    lines: [
      '+    - match:',
      '+        - uri:',
      '+            exact: /',
      '+      route:',
      '+        - destination:',
      '+            host: reviews',
    ],
  },
  {
    name: 'an item comes last',
    operations: [add('spec.http[1]', { name: 'rest' })],
    lines: ['+    - name: rest'],
  },
  {
    name: 'a whole list is replaced by one with an item more: only that is written',
    operations: [replacing('spec.hosts', ['reviews', 'reviews.example.com'])],
    lines: ['-  hosts: [reviews]', '+  hosts: [reviews, reviews.example.com]'],
  },
  {
    name: 'a list without items',
    operations: [remove('spec.hosts[0]')],
    lines: ['-  hosts: [reviews]', '+  hosts: []'],
  },
  {
    name: 'what YAML 1.1 takes for no text is quoted',
    operations: [
      add('spec.http[0].headers', {
        request: { set: { on: 'yes', code: '0777', empty: '', time: '12:30' } },
      }),
    ],
    lines: [
      '+      headers:',
      '+        request:',
      '+          set:',
      "+            'on': 'yes'",
      "+            code: '0777'",
      "+            empty: ''",
      "+            time: '12:30'",
    ],
  },
  {
    name: 'annotations that only the cluster has so far',
    operations: [add('metadata.annotations.team', 'a')],
    lines: ['+  annotations:', '+    team: a'],
  },
  {
    name: 'an empty map on one line, with a comment',
    file: REVIEWS.replace(
      'name: reviews',
      'labels: {} # none\n  name: reviews',
    ),
    operations: [add('metadata.labels.app', 'reviews')],
    lines: ['-  labels: {} # none', '+  labels: # none', '+    app: reviews'],
  },
  {
    name: 'nothing behind a key, with a comment',
    file: `${REVIEWS}      headers: # none yet\n`,
    operations: [add('spec.http[0].headers', { request: {} })],
    lines: ['+        request: {}'],
  },
  {
    name: 'windows line ends',
    file: REVIEWS.replace(/\n/g, '\r\n'),
    operations: [
      replacing('spec.http[0].route[0].weight', 80),
      add('spec.http[0].fault', { abort: { httpStatus: 500 } }),
    ],
    lines: [
      '-          weight: 90   # most of it\r',
      '+          weight: 80   # most of it\r',
      '         - destination: {host: reviews, subset: v2}\r',
      '           weight: 10\r',
      "       timeout: '5s'\r",
      '+      fault:\r',
      '+        abort:\r',
      '+          httpStatus: 500\r',
    ],
  },
  {
    name: 'no end of the last line',
    file: REVIEWS.trimEnd(),
    operations: [add('spec.http[0].name', 'rest')],
    lines: ['+      name: rest'],
  },
  {
    name: 'the last line goes where it has no end',
    file: REVIEWS.trimEnd(),
    operations: [remove('spec.http[0].timeout')],
    lines: ["-      timeout: '5s'"],
  },
  {
    name: 'lists that lie no deeper than their key, four spaces elsewhere',
    file: `${REVIEWS_HEAD.replace(/ {2}/g, '    ')}spec:
    hosts:
    - reviews
    http:
    -   route:
        -   destination:
                host: reviews
            weight: 100
`,
    operations: [
      add('spec.http[0].mirror', { host: 'shadow', ports: [1] }),
      add('spec.hosts[1]', 'b'),
    ],
    lines: [
      '+    - b',
      '     http:',
      '     -   route:',
      '         -   destination:',
      '                 host: reviews',
      '             weight: 100',
      '+        mirror:',
      '+            host: shadow',
      '+            ports:',
      '+              - 1',
    ],
  },
  {
    name: 'several documents, marks and comments around them',
    file: `# first\n---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: &x {a: "{{ b }}"}\nother: *x\n...\n# second\n---\n${REVIEWS}---\n# third\nkind: C\n`,
    operations: [replacing('spec.http[0].route[1].weight', 20)],
    lines: ['-          weight: 10', '+          weight: 20'],
  },
  {
    name: 'texts of several lines',
    file: `${REVIEWS}  note: |\n    one\n    two\n  other: >-\n    folded\n    text\n`,
    operations: [replacing('spec.note', 'three'), add('spec.z', 'a\nb\n')],
    lines: [
      '-  note: |',
      '-    one',
      '-    two',
      '+  note: three',
      '   other: >-',
      '     folded',
      '     text',
      '+  z: |',
      '+    a',
      '+    b',
    ],
  },
  {
    name: 'a map becomes a text and back',
    operations: [
      replacing('spec.http[0].route[0].destination', 'x'),
      replacing('spec.http[0].timeout', { seconds: 5 }),
    ],
    lines: [
      '-        - destination: {host: reviews, subset: v1}',
      '+        - destination: x',
      '           weight: 90   # most of it',
      '         - destination: {host: reviews, subset: v2}',
      '           weight: 10',
      "-      timeout: '5s'",
      '+      timeout:',
      '+        seconds: 5',
    ],
  },
  {
    name: 'JSON',
    file: JSON.stringify(load(REVIEWS), null, 2),
    operations: [
      replacing('spec.http[0].route[1].weight', 20),
      add('spec.http[0].retries', { attempts: 3, retryOn: '5xx' }),
    ],
    lines: [
      '-            "weight": 10',
      '+            "weight": 20',
      '           }',
      '         ],',
      '-        "timeout": "5s"',
      '+        "timeout": "5s",',
      '+        "retries": {',
      '+          "attempts": 3,',
      '+          "retryOn": "5xx"',
      '+        }',
    ],
  },
];

describe('spliceManifest', () => {
  it.each(CASES)('$name', ({ file = REVIEWS, operations, lines }) => {
    const index = loadAll(file).findIndex(
      document => (document as KubeObject)?.kind === 'VirtualService',
    );
    const before = liveFrom(file, index);
    const { text } = spliceManifest(file, changing(before, ...operations));
    expect(lineDifference(file, text!)).toEqual(lines);
  });
});
