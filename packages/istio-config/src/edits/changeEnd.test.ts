import fc from 'fast-check';
import { INTENT_TRIALS } from '../__testUtils__/intentTrials';
import type { KubeObject } from '../kube/KubeObject';
import { setFromYaml } from '../setFromYaml';
import {
  bearsEndOf,
  endingOf,
  hasEnd,
  takesEndAway,
  withEnd,
} from './changeEnd';
import { afterOf, beforeOf, type ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { planTimedFault } from './faultInjection';
import { setFields } from './setFields';
import { planTimeout } from './routeTimeout';

const END = {
  id: '6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
  at: '2026-11-29T14:05:00.000Z',
};
const KEY = `ends.meshdeck.io/${END.id}`;
const CART = { namespace: 'shop', service: 'cart' };
const ABORT = { abort: { percent: 10, httpStatus: 503 } };
const FAULT = ['spec', 'http', 0, 'fault'];

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { namespace: shop, name: cart }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
`;
const rules = (metadata = '', fault = '') => `${SERVICE}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { namespace: shop, name: cart ${metadata} }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /a } }]
      route: [{ destination: { host: cart } }]
      ${fault}
    - route: [{ destination: { host: cart } }]
`;
const rule = {
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'shop',
    name: 'cart',
  },
  at: ['spec', 'http', 0],
};

function faultOn(yaml: string): { edit: ObjectEdit; left: KubeObject } {
  const answers = { ...ABORT, rule: yaml === SERVICE ? undefined : rule };
  const [edit] = planTimedFault(setFromYaml(yaml), CART, answers, END).edits;
  return { edit, left: afterOf(edit)! };
}

function ended({ edit, left }: ReturnType<typeof faultOn>, now = left) {
  const ending = endingOf(edit, left, now);
  return ending.does === 'edit' ? afterOf(ending.edit) : ending.does;
}

/** As somebody makes it with kubectl. */
function edited(object: KubeObject, change: (copy: any) => void): KubeObject {
  const copy = structuredClone(object);
  change(copy);
  return copy;
}

const swap = (copy: any) => copy.spec.http.reverse();

describe('the end of a change', () => {
  it('is marked on the object, with what ends and when', () => {
    const { edit, left } = faultOn(rules(', annotations: { team: one }'));
    expect(left.metadata.annotations).toEqual({
      team: 'one',
      [KEY]: 'spec.http[0].fault until 2026-11-29T14:05:00.000Z',
    });
    expect([hasEnd(edit), takesEndAway(edit)]).toEqual([true, false]);
    expect(bearsEndOf(edit, left)).toBe(true);
    expect(bearsEndOf(edit, beforeOf(edit)!)).toBe(false);
    const [other] = planTimeout(setFromYaml(rules()), CART, {
      rule,
      timeoutMs: 1000,
    }).edits;
    expect(hasEnd(other)).toBe(false);
  });

  it.each([
    ['no annotation', rules()],
    ['an annotation', rules(', annotations: { team: one }')],
    [
      'a fault of somebody else',
      rules(
        '',
        'fault: { abort: { httpStatus: 500, percentage: { value: 1 } } }',
      ),
    ],
  ])('gives back what was there, byte by byte: %s', (_name, yaml) => {
    const made = faultOn(yaml);
    expect(made.left.spec).not.toEqual(beforeOf(made.edit)!.spec);
    expect(JSON.stringify(ended(made))).toBe(
      JSON.stringify(beforeOf(made.edit)),
    );
    const ending = endingOf(made.edit, made.left, made.left);
    expect(ending.does === 'edit' && takesEndAway(ending.edit)).toBe(true);
  });

  it('deletes what was made for it', () => {
    const { edit, left } = faultOn(SERVICE);
    expect(edit.action).toBe('create');
    const ending = endingOf(edit, left, left);
    expect(ending).toMatchObject({ does: 'edit', edit: { action: 'delete' } });
    expect(ending.does === 'edit' && takesEndAway(ending.edit)).toBe(true);
  });

  it.each<[string, string, (copy: any) => void, unknown]>([
    [
      'beside it, where somebody changed something else',
      rules(),
      copy => {
        copy.metadata.annotations.team = 'one';
        copy.spec.http[0].timeout = '1s';
      },
      { http: [{ timeout: '1s' }, {}], annotations: { team: 'one' } },
    ],
    [
      'in the rule, where that was moved',
      rules(),
      swap,
      { http: [{}, { match: expect.anything() }], annotations: undefined },
    ],
    [
      'but the mark, where somebody took the fault away',
      rules(),
      copy => delete copy.spec.http[0].fault,
      { http: [{}, {}], annotations: undefined },
    ],
    [
      'in what was made, where somebody added to it',
      SERVICE,
      copy => (copy.spec.http[0].timeout = '1s'),
      { http: [{ timeout: '1s' }], annotations: undefined },
    ],
  ])('takes away nothing %s', (_name, yaml, meanwhile, expected) => {
    const made = faultOn(yaml);
    const result = ended(made, edited(made.left, meanwhile)) as KubeObject;
    expect({
      http: result.spec.http,
      annotations: result.metadata.annotations,
    }).toMatchObject(expected as object);
    expect(JSON.stringify(result)).not.toContain('fault');
  });

  it.each<[string, (copy: any) => void, string]>([
    [
      'was rewritten',
      copy => (copy.spec.http[0].fault.abort.percentage.value = 50),
      'conflict',
    ],
    [
      'stands, and its mark was taken away',
      copy => delete copy.metadata.annotations,
      'conflict',
    ],
    [
      'was moved and changed',
      copy => {
        swap(copy);
        copy.spec.http[1].timeout = '1s';
      },
      'conflict',
    ],
    [
      'was taken away with its mark',
      copy => {
        delete copy.metadata.annotations;
        delete copy.spec.http[0].fault;
        copy.spec.http[0].timeout = '1s';
      },
      'nothing',
    ],
  ])('is left alone where it %s', (_name, meanwhile, does) => {
    const made = faultOn(rules());
    expect(ended(made, edited(made.left, meanwhile))).toBe(does);
  });

  it('needs nothing where the object is gone', () => {
    const { edit, left } = faultOn(rules());
    expect(endingOf(edit, left, undefined)).toEqual({ does: 'nothing' });
  });

  it('tells two of the same kind on one object apart', () => {
    const first = faultOn(rules());
    const second = withEnd(
      setFields(first.left, [
        {
          at: ['spec', 'http', 1, 'fault'],
          value: first.left.spec.http[0].fault,
        },
      ]),
      ['spec', 'http', 1, 'fault'],
      { ...END, id: 'other' },
    );
    const both = afterOf(second)!;
    const left = ended(first, both) as KubeObject;
    expect(left.spec.http.map((each: any) => Boolean(each.fault))).toEqual([
      false,
      true,
    ]);
    expect(ended({ edit: second, left: both }, left)).toEqual(
      beforeOf(first.edit),
    );
  });

  it('is not given twice to the same thing, nor to a deletion', () => {
    const { left } = faultOn(rules());
    const again = setFields(left, [{ at: FAULT, value: {} }]);
    expect(() => withEnd(again, FAULT, { ...END, id: 'other' })).toThrow(
      new EditRefused(
        'spec.http[0].fault of VirtualService shop/cart was changed for a time already, and ends by itself. End that first.',
      ),
    );
    expect(() =>
      withEnd({ action: 'delete', before: left }, ['spec'], END),
    ).toThrow(EditRefused);
    expect(() =>
      planTimedFault(setFromYaml(rules()), CART, { rule }, END),
    ).toThrow(EditRefused);
  });

  it('gives back every generated configuration byte by byte', () => {
    let tried = 0;
    for (const planIt of fc.sample(INTENT_TRIALS.timedFault, {
      numRuns: 300,
      seed: 20261129,
    })) {
      try {
        const [edit] = planIt().plan.edits;
        const before = beforeOf(edit);
        const result = ended({ edit, left: afterOf(edit)! });
        expect(JSON.stringify(result)).toBe(JSON.stringify(before));
        tried += 1;
      } catch (error) {
        if (!(error instanceof EditRefused)) throw error;
      }
    }
    expect(tried).toBeGreaterThan(30);
  });
});
