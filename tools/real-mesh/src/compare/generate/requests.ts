import fc from 'fast-check';
import type { Ask } from '../Trial';
import { ONE, PLAIN, TWO } from '../places';
import { sometimes } from './sometimes';

export const TEXTS = ['v', 'w', 'vw'];
export const PATTERNS = ['.*', 'v.*', '/a.*', '[vw]'];
const PATHS = [
  '/',
  '/a',
  '/a/',
  '/a/b',
  '/ab',
  '/A',
  '/a/b/c',
  '/x?q=v',
  '/a?q=v&r=w',
  '/a/b?q=%76&r',
];

/** Tells the app how many milliseconds to wait before it answers. */
export const SLOWLY = 'x-answer-after-ms';

const callers = fc.constantFrom(
  `${ONE}/client`,
  `${ONE}/client`,
  `${TWO}/client`,
  `${ONE}/b`,
  `${PLAIN}/client`,
);
const targets = fc.constantFrom(
  `${ONE}/a`,
  `${ONE}/a`,
  `${ONE}/b`,
  `${TWO}/c`,
  `${TWO}/hidden`,
  `${ONE}/single`,
);
const sent = {
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom(...PATHS),
  headers: fc
    .tuple(
      fc.dictionary(
        fc.constantFrom('x-one', 'x-two'),
        fc.constantFrom(...TEXTS),
        { maxKeys: 2 },
      ),
      sometimes(fc.constant({ [SLOWLY]: '600' }), 12),
    )
    .map(
      ([headers, slowly]): Record<string, string> => ({
        ...headers,
        ...slowly,
      }),
    ),
};

const names = (to: string, entries: boolean) => {
  const [place, name] = to.split('/');
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(`${name}.${place}`) },
    {
      weight: 4,
      arbitrary: fc.constant(`${name}.${place}.svc.cluster.local`),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'a.example.com',
        'b.example.com',
        ...(entries ? ['x.entry.test', 'y.entry.test'] : []),
      ),
    },
  );
};

const inMesh: fc.Arbitrary<Ask> = targets
  .chain(to =>
    fc.record({
      protocol: fc.constant('http' as const),
      from: callers,
      to: fc.constant(to),
      host: names(to, true),
      port: to.endsWith('single')
        ? fc.constant(8000)
        : fc.constantFrom(80, 80, 81),
      ...sent,
    }),
  )
  // What comes back to its own pod past the proxy is not what a cluster does.
  .filter(({ from, to }) => from !== `${ONE}/b` || !/\/(b|single)$/.test(to));

const atEdge: fc.Arbitrary<Ask> = targets.chain(to =>
  fc.record({
    protocol: fc.constant('http' as const),
    from: fc.constant(`${PLAIN}/client`),
    to: fc.constant(to),
    gateway: fc.constant('compare-edge/web'),
    host: names(to, false),
    port: fc.constantFrom(80, 80, 80, 81),
    ...sent,
  }),
);

/** What is asked, in the mesh and at the gateway. */
export const ask: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 3, arbitrary: inMesh },
  { weight: 2, arbitrary: atEdge },
);
